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
  /// - Parameters:
  ///   - checkpoint: where to save after each epoch and to resume from, or nil.
  ///   - report: called after each epoch.
  /// - Returns: the epochs run, in order, and the best one.
  /// - Throws: `RankerError.noRows`, `.label` and `.noOrder` for data that teaches the loss nothing,
  ///   `TrainingError` if the loss stops being a number, and what the checkpoint throws.
  @discardableResult
  public func fit(
    _ ranker: some NeuralRanker, training: some RankingBatchSource,
    validation: some RankingBatchSource, checkpoint: Checkpoint? = nil,
    report: (RankerEpoch) -> Void = { _ in }
  ) throws -> TrainingRecord {
    try validate()
    try check(training, role: "training", needsOrder: loss.scope == .requests)
    try check(validation, role: "validation", needsOrder: monitor.needsOrder)
    try ranker.verify(training, self)
    var ranker = ranker
    ranker.study(training)
    let batches = EpochBatches(of: training, loss.scope, size: batchSize, seed: seed)
    let loss = loss.loss
    ranker.visual?.standardize()
    let clock = ContinuousClock()
    var start = clock.now
    var seconds = 0.0
    var quality = RankerQuality()
    return try Trainer(epochs: epochs, patience: patience, clipNorm: clipNorm, seed: seed).fit(
      ranker, optimizer: makeOptimizer(for: ranker),
      batches: { epoch in
        start = clock.now
        return batches(epoch: epoch).lazy.map { training.batch($0[...]) }
      },
      loss: { ranker.shardedLoss($0, $1, by: loss) },
      validate: {
        seconds = start.duration(to: clock.now) / .seconds(1)
        quality = try RankerQuality(of: ranker, on: validation, plan: self)
        return quality.score(by: monitor)
      },
      checkpoint: checkpoint,
      report: { epoch in
        report(
          RankerEpoch(
            epoch: epoch.epoch, loss: epoch.loss, validation: quality,
            rowsPerSecond: Double(training.count) / max(seconds, 1e-9)))
      })
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

  private func makeOptimizer(for ranker: some NeuralRanker) -> any Optimizer {
    let own = ranker.ownOptimizers()
    let taken = Set(own.flatMap(\.parameters).map(ObjectIdentifier.init))
    let list = ParameterList(ranker)
    let parameters = list.trainable.filter { !taken.contains(ObjectIdentifier($0)) }
    let common = makeOptimizer(for: parameters, in: list)
    guard !own.isEmpty else { return common }
    return CombinedOptimizer([common] + own.map { $0.make($0.parameters) })
  }

  private func makeOptimizer(
    for parameters: [Parameter], in list: ParameterList
  ) -> any Optimizer {
    switch optimizer {
    case .adam: Adam(parameters, learningRate: Scalar(learningRate))
    case .adagrad: Adagrad(parameters, learningRate: Scalar(learningRate))
    case .ftrl:
      FTRL(
        parameters, learningRate: Scalar(learningRate), penalties: ftrl.values,
        unpenalized: list.entries.filter { $0.name.hasSuffix("bias") }.map(\.parameter))
    }
  }
}
