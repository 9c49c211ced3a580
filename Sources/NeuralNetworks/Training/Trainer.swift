public import Tensors

/// Runs epochs of gradient descent with early stopping, and leaves the model at its best epoch.
///
/// The same seed, data and machine give bit-identical parameters: batches come from the caller in
/// a fixed order, and dropout draws from a stream of its own for each step. A training resumed from
/// a checkpoint ends with the same bits as one that was never interrupted.
public struct Trainer: Sendable {
  /// The most epochs to run.
  public var epochs: Int
  /// Epochs without a better validation score before stopping.
  public var patience: Int
  /// Limit on the joint gradient norm, or nil.
  public var clipNorm: Double?
  /// Drives dropout.
  public var seed: UInt64
  /// The course of the learning rate, from the optimizer's own as the base.
  public var schedule: LearningRateSchedule
  /// Which epoch's parameters the model is left with.
  public var keeps: KeptEpoch
  /// Validate and keep a moving average of the parameters instead of the parameters, or nil.
  public var average: WeightAverage?

  /// A plan.
  public init(
    epochs: Int, patience: Int = 2, clipNorm: Double? = nil, seed: UInt64 = 0,
    schedule: LearningRateSchedule = .constant, average: WeightAverage? = nil,
    keeps: KeptEpoch = .best
  ) {
    self.epochs = epochs
    self.patience = patience
    self.clipNorm = clipNorm
    self.seed = seed
    self.schedule = schedule
    self.average = average
    self.keeps = keeps
  }

  /// Trains until the epochs are used up or validation stops improving.
  ///
  /// - Parameters:
  ///   - batches: the batches of an epoch (counted from 1), already shuffled.
  ///   - loss: one number, differentiable.
  ///   - validate: a score of the current parameters, or of their average; higher is better.
  ///   - checkpoint: where to save after each epoch and to resume from, or nil.
  ///   - eachStep: called after each step.
  ///   - report: called after each epoch.
  /// - Throws: `TrainingError` if a loss, a gradient, a batch statistic or a validation score is not
  ///   finite, before the step that it would spoil, and `CancellationError` within one batch of the
  ///   task's cancellation, in both cases with the model at its best epoch; whatever `validate` and
  ///   the checkpoint throw.
  @discardableResult
  public func fit<Batches: Sequence>(
    _ model: some Module, optimizer: any Optimizer,
    batches: (_ epoch: Int) -> Batches,
    loss: (Batches.Element, Pass) -> Tensor,
    validate: () throws -> Double,
    checkpoint: Checkpoint? = nil,
    eachStep: (StepRecord) -> Void = { _ in },
    report: (EpochRecord) -> Void = { _ in }
  ) throws -> TrainingRecord {
    try MemoryPool.recycling {
      try course(
        model, optimizer, batches, loss, validate, checkpoint, eachStep, report)
    }
  }

  private func course<Batches: Sequence>(
    _ model: some Module, _ optimizer: any Optimizer, _ batches: (_ epoch: Int) -> Batches,
    _ loss: (Batches.Element, Pass) -> Tensor, _ validate: () throws -> Double,
    _ checkpoint: Checkpoint?, _ eachStep: (StepRecord) -> Void,
    _ report: (EpochRecord) -> Void
  ) throws -> TrainingRecord {
    let parameters = ParameterList(model)
    var record = TrainingRecord()
    var best = parameters.snapshot()
    var averaged = average.map { AveragedParameters($0, of: parameters) }
    if let resumed = try checkpoint?.load(parameters, optimizer, averaging: average != nil) {
      (record, best) = (resumed.record, resumed.best)
      if let values = resumed.average { averaged?.values = values }
    }
    let baseRate = optimizer.learningRate
    defer {
      optimizer.learningRate = baseRate
      parameters.restore(best)
    }

    while record.epochs.count < epochs, record.epochsWithoutGain < max(patience, 1) {
      let epoch = TrainerEpoch(
        number: record.epochs.count + 1, firstStep: record.steps, plan: self, baseRate: baseRate)
      var entry = try epoch.run(
        batches(epoch.number), parameters, optimizer, &averaged, loss, eachStep)
      // Validation sees the average; the next epoch goes on from the parameters themselves.
      let trained = averaged.map { averaged in
        defer { parameters.restore(averaged.values) }
        return parameters.snapshot()
      }
      entry.score = try validate()
      // No comparison holds for NaN: a broken validation would pass for an epoch without gain.
      guard entry.score.isFinite else {
        throw TrainingError.notFinite(epoch: epoch.number, batch: nil, what: "validation score")
      }
      record.epochs.append(entry)
      if keeps == .last || entry.score > record.best?.score ?? -.infinity {
        record.best = entry
        best = parameters.snapshot()
      }
      if let trained { parameters.restore(trained) }
      try checkpoint?.save(
        parameters, optimizer, record: record, best: best, average: averaged?.values)
      report(entry)
    }
    return record
  }
}
