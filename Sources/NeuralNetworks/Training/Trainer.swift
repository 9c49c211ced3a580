public import Tensors

/// Runs epochs of gradient descent with early stopping, and leaves the model at its best epoch.
///
/// The same seed, data and machine give bit-identical parameters: batches come from the caller in
/// a fixed order, and dropout draws from a stream of its own for each step.
public struct Trainer: Sendable {
  /// The most epochs to run.
  public var epochs: Int
  /// Epochs without a better validation score before stopping.
  public var patience: Int
  /// Limit on the joint gradient norm, or nil.
  public var clipNorm: Double?
  /// Drives dropout.
  public var seed: UInt64

  /// A plan.
  public init(epochs: Int, patience: Int = 2, clipNorm: Double? = nil, seed: UInt64 = 0) {
    self.epochs = epochs
    self.patience = patience
    self.clipNorm = clipNorm
    self.seed = seed
  }

  /// Trains until the epochs are used up or validation stops improving.
  ///
  /// - Parameters:
  ///   - batches: the batches of an epoch (counted from 1), already shuffled.
  ///   - loss: one number, differentiable.
  ///   - validate: a score of the current parameters; higher is better.
  ///   - checkpoint: where to save after each epoch and to resume from, or nil.
  ///   - report: called after each epoch.
  /// - Throws: `TrainingError` if a loss, a gradient or a validation score is not finite, and
  ///   `CancellationError` within one batch of the task's cancellation, in both cases with the model
  ///   at its best epoch; whatever `validate` and the checkpoint throw.
  @discardableResult
  public func fit<Batches: Sequence>(
    _ model: some Module, optimizer: any Optimizer,
    batches: (_ epoch: Int) -> Batches,
    loss: (Batches.Element, Pass) -> Tensor,
    validate: () throws -> Double,
    checkpoint: Checkpoint? = nil,
    report: (EpochRecord) -> Void = { _ in }
  ) throws -> TrainingRecord {
    let parameters = ParameterList(model)
    var record = TrainingRecord()
    var best = parameters.snapshot()
    if let resumed = try checkpoint?.load(parameters, optimizer) {
      (record, best) = (resumed.record, resumed.best)
    }
    defer { parameters.restore(best) }

    while record.epochs.count < epochs, record.epochsWithoutGain < max(patience, 1) {
      let epoch = record.epochs.count + 1
      let (mean, count) = try run(
        epoch, batches(epoch), parameters.trainable, optimizer, loss)
      let score = try validate()
      // No comparison holds for NaN: a broken validation would pass for an epoch without gain.
      guard score.isFinite else {
        throw TrainingError.notFinite(epoch: epoch, batch: nil, what: "validation score")
      }
      let entry = EpochRecord(epoch: epoch, loss: mean, score: score, batches: count)
      record.epochs.append(entry)
      if score > record.best?.score ?? -.infinity {
        record.best = entry
        best = parameters.snapshot()
      }
      try checkpoint?.save(parameters, optimizer, record: record, best: best)
      report(entry)
    }
    return record
  }

  private func run<Batches: Sequence>(
    _ epoch: Int, _ batches: Batches, _ parameters: [Parameter], _ optimizer: any Optimizer,
    _ loss: (Batches.Element, Pass) -> Tensor
  ) throws -> (loss: Double, count: Int) {
    var total = 0.0
    var count = 0
    let stream = RandomStream(seed: seed, stream: UInt64(epoch))
    for batch in batches {
      try Task.checkCancellation()
      var random = stream.split(UInt64(count))
      let pass = Pass.training(seed: random.next())
      let value = loss(batch, pass)
      let number = Double(value.item())
      guard number.isFinite else {
        throw TrainingError.notFinite(epoch: epoch, batch: count, what: "loss")
      }
      var gradients = pass.gradients(of: value)
      let norm = gradients.norm(of: parameters)
      guard norm.isFinite else {
        throw TrainingError.notFinite(epoch: epoch, batch: count, what: "gradient")
      }
      if let clipNorm, norm > clipNorm { gradients.scale(by: Scalar(clipNorm / norm)) }
      optimizer.step(gradients)
      pass.applyObservations()
      total += number
      count += 1
    }
    guard count > 0 else { throw TrainingError.noBatches }
    return (total / Double(count), count)
  }
}
