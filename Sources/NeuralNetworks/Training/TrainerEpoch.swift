import Tensors

/// One epoch of a training.
struct TrainerEpoch {
  /// Counted from 1.
  let number: Int
  /// Steps of the epochs before.
  let firstStep: Int
  let plan: Trainer
  let baseRate: Scalar

  /// One step a batch. The score of the record is still to be found.
  func run<Batches: Sequence>(
    _ batches: Batches, _ parameters: ParameterList, _ optimizer: any Optimizer,
    _ averaged: inout AveragedParameters?, _ loss: (Batches.Element, Pass) -> Tensor,
    _ eachStep: (StepRecord) -> Void
  ) throws -> EpochRecord {
    let trainable = parameters.trainable
    let stream = RandomStream(seed: plan.seed, stream: UInt64(number))
    var total = 0.0
    var count = 0
    for batch in batches {
      try Task.checkCancellation()
      var random = stream.split(UInt64(count))
      let pass = Pass.training(seed: random.next())
      let value = loss(batch, pass)
      let number = Double(value.item())
      try check(number.isFinite, batch: count, "loss")
      var gradients = pass.gradients(of: value)
      let norm = gradients.norm(of: trainable)
      try check(norm.isFinite, batch: count, "gradient")
      try check(pass.observationsAreFinite, batch: count, "batch statistic")
      if let clipNorm = plan.clipNorm, norm > clipNorm {
        gradients.scale(by: Scalar(clipNorm / norm))
      }
      let step = firstStep + count
      optimizer.learningRate = plan.schedule.rate(step: step, base: baseRate)
      optimizer.step(gradients)
      pass.applyObservations()
      averaged?.follow(parameters, step: step)
      eachStep(
        StepRecord(
          epoch: self.number, batch: count, step: step, loss: number, gradientNorm: norm,
          learningRate: Double(optimizer.learningRate)))
      total += number
      count += 1
    }
    guard count > 0 else { throw TrainingError.noBatches }
    return EpochRecord(
      epoch: number, loss: total / Double(count), score: .nan, batches: count,
      learningRate: Double(optimizer.learningRate))
  }

  private func check(
    _ isFinite: Bool, batch: Int, _ what: String
  ) throws(TrainingError) {
    guard isFinite else { throw .notFinite(epoch: number, batch: batch, what: what) }
  }
}
