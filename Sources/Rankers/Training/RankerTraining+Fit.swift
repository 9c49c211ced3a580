public import NeuralNetworks
import RankingData
import Tensors

/// One finished epoch of a ranker's training.
public struct RankerEpoch: Sendable, Hashable, Codable {
  /// Counted from 1.
  public var epoch: Int
  /// Mean training loss of the epoch's steps.
  public var loss: Double
  /// Over the validation rows.
  public var validation: RankerQuality
  /// Rows trained on in a second, validation not counted.
  public var rowsPerSecond: Double
}

extension RankerTraining {
  /// Trains a ranker and leaves it at its best epoch.
  ///
  /// The rows, or under a loss of lists the requests, are shuffled anew in every epoch. Visual vectors must be attached beforehand, and not
  /// prepared; their mean and scale are taken from the whole table.
  ///
  /// The next batch is gathered while the present one trains.
  ///
  /// - Parameters:
  ///   - checkpoint: where to save after each epoch and to resume from, or nil.
  ///   - report: called after each epoch.
  ///   - progress: called after each step.
  /// - Returns: the epochs run, in order, and the best one.
  /// - Throws: `RankerError.noRows`, `.label` and `.noOrder` for data that teaches the loss nothing,
  ///   an error that names rows and batch if the loss stops being a number, and what the checkpoint
  ///   throws.
  @discardableResult
  public func fit(
    _ ranker: some NeuralRanker, training: some RankingBatchSource,
    validation: some RankingBatchSource, checkpoint: Checkpoint? = nil,
    report: (RankerEpoch) -> Void = { _ in }, progress: (RankerProgress) -> Void = { _ in }
  ) throws -> TrainingRecord {
    try validate()
    try check(training, role: "training", needsOrder: loss.scope == .requests)
    try check(validation, role: "validation", needsOrder: monitor.needsOrder)
    try checkMonitor(ranker, validation)
    try ranker.verify(training, self)
    var ranker = ranker
    ranker.study(training)
    let batches = EpochBatches(of: training, loss.scope, size: batchSize, seed: seed)
    let loss = loss.loss
    ranker.visual?.standardize()
    var clock = ProgressClock(self)
    var seconds = 0.0
    var quality = RankerQuality()
    let steps = batches(epoch: 1).count
    do {
      return try trainer(stepsPerEpoch: steps).fit(
        ranker, optimizer: makeOptimizer(for: ranker, stepsPerEpoch: steps),
        batches: { epoch in
          let rows = batches(epoch: epoch)
          clock.begin(rows)
          return Prefetched(count: rows.count) { training.batch(rows[$0][...]) }
        },
        loss: { ranker.shardedLoss($0, $1, by: loss) },
        validate: {
          seconds = clock.seconds
          quality = try RankerQuality(of: ranker, on: validation, plan: self)
          return quality.score(by: monitor)
        },
        checkpoint: checkpoint, eachStep: { progress(clock.take($0)) },
        report: { epoch in
          report(
            RankerEpoch(
              epoch: epoch.epoch, loss: epoch.loss, validation: quality,
              rowsPerSecond: Double(training.count) / max(seconds, 1e-9)))
        })
    } catch TrainingError.notFinite(let epoch, let batch?, let what) {
      throw NotFiniteRows(
        epoch: epoch, batch: batch, what: what, rows: batches(epoch: epoch)[batch], of: training)
    }
  }

  /// The course of a training in epochs of so many steps.
  package func trainer(stepsPerEpoch: Int) -> Trainer {
    var course = schedule.inSteps(epochs: epochs, stepsPerEpoch: stepsPerEpoch)
    if let frozenEpochs {
      course = .lowered(from: frozenEpochs * stepsPerEpoch, factor: 0.1, course)
    }
    return Trainer(
      epochs: epochs, patience: patience, clipNorm: clipNorm, seed: seed, schedule: course,
      keeps: keep)
  }

  private func checkMonitor(
    _ ranker: some NeuralRanker, _ validation: some RankingBatchSource
  ) throws(RankerError) {
    if case .task(let name) = monitor {
      let known = (ranker as? any MultiTaskRanker)?.outcomes ?? []
      guard !ranker.input.layout.tasks.isEmpty, known.contains(name) else {
        throw .unknownChoice(
          key: "monitor", value: monitor.rawValue,
          known: ["auc"] + known.map { RankerTraining.Monitor.task($0).rawValue })
      }
    }
    guard monitor == .gauc else { return }
    var classes: [Int32: Set<Bool>] = [:]
    for (user, label) in zip(validation.userNumbers, validation.labels) {
      classes[user, default: []].insert(isPositive(label))
    }
    guard classes.values.contains(where: { $0.count == 2 }) else {
      throw .configuration(
        key: "monitor", value: "'gauc'",
        reason: "no user of the validation set has both a positive and a negative; use auc")
    }
  }

  private func check(
    _ source: some RankingBatchSource, role: String, needsOrder: Bool
  ) throws(RankerError) {
    guard source.count > 0 else { throw .noRows(role) }
    let labels = source.labels
    try loss.loss.check(labels: labels)
    guard needsOrder else { return }
    let requests = RequestRows(source.requests)
    guard (0..<requests.count).contains(where: { requests.isComparable($0, labels) }) else {
      throw .noOrder(role)
    }
  }
}
