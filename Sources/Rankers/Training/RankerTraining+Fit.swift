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
  /// The rows are shuffled anew in every epoch. Visual vectors must be attached beforehand, and not
  /// prepared; their mean and scale are taken from the whole table.
  ///
  /// - Parameters:
  ///   - checkpoint: where to save after each epoch and to resume from, or nil.
  ///   - report: called after each epoch.
  /// - Returns: the epochs run, in order, and the best one.
  /// - Throws: `RankerError.noRows`, `TrainingError` if the loss stops being a number, and what the
  ///   checkpoint throws.
  @discardableResult
  public func fit(
    _ ranker: some NeuralRanker, training: some RankingBatchSource,
    validation: some RankingBatchSource, checkpoint: Checkpoint? = nil,
    report: (RankerEpoch) -> Void = { _ in }
  ) throws -> TrainingRecord {
    try validate()
    guard training.count > 0 else { throw RankerError.noRows("training") }
    guard validation.count > 0 else { throw RankerError.noRows("validation") }
    ranker.visual?.standardize()
    let clock = ContinuousClock()
    var start = clock.now
    var seconds = 0.0
    var quality = RankerQuality()
    return try Trainer(epochs: epochs, patience: patience, clipNorm: clipNorm, seed: seed).fit(
      ranker, optimizer: makeOptimizer(for: ranker),
      batches: { epoch in
        start = clock.now
        return batches(of: training, epoch: epoch)
      },
      loss: { ranker.shardedLoss($0, $1) },
      validate: {
        seconds = start.duration(to: clock.now) / .seconds(1)
        quality = try RankerQuality(of: ranker, on: validation)
        return monitor == .auc ? quality.auc : -quality.logLoss
      },
      checkpoint: checkpoint,
      report: { epoch in
        report(
          RankerEpoch(
            epoch: epoch.epoch, loss: epoch.loss, validation: quality,
            rowsPerSecond: Double(training.count) / max(seconds, 1e-9)))
      })
  }

  /// All rows once, in an order of this epoch's own, in batches of `batchSize`.
  private func batches<Source: RankingBatchSource>(
    of source: Source, epoch: Int
  ) -> some Sequence<RankingBatch> {
    var random = RandomStream(seed: seed, stream: UInt64(epoch))
    let order = (0..<Int32(source.count)).shuffled(using: &random)
    return stride(from: 0, to: order.count, by: batchSize).lazy.map { first in
      source.batch(order[first..<min(first + batchSize, order.count)])
    }
  }

  private func makeOptimizer(for ranker: some NeuralRanker) -> any Optimizer {
    let parameters = ParameterList(ranker).trainable
    return switch optimizer {
    case .adam: Adam(parameters, learningRate: Scalar(learningRate))
    case .adagrad: Adagrad(parameters, learningRate: Scalar(learningRate))
    }
  }
}
