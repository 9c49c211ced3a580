package import NeuralNetworks

/// Where a training stands among its steps, and how fast it gets on.
final class TrainingCourse {
  private let plan: ClassificationPlan
  private let images: Int
  let stepsPerEpoch: Int
  private let start = ContinuousClock.now
  private var stepsRun = 0

  init(_ plan: ClassificationPlan, images: Int) {
    (self.plan, self.images) = (plan, images)
    // The number of batches does not depend on the epoch.
    stepsPerEpoch =
      EpochPlan(
        count: images, batchSize: plan.batchSize, seed: 0, epoch: 0, isShuffled: false
      ).batches.count
  }

  func order(_ epoch: Int) -> EpochPlan {
    EpochPlan(count: images, batchSize: plan.batchSize, seed: plan.seed, epoch: epoch)
  }

  func advance(
    _ record: StepRecord, accuracy: Double?, _ clock: StepClock
  ) -> ClassificationProgress {
    stepsRun += 1
    let elapsed = start.duration(to: .now) / .seconds(1)
    let step = record.batch + 1
    let left = (plan.epochs - record.epoch) * stepsPerEpoch + stepsPerEpoch - step
    return ClassificationProgress(
      epoch: record.epoch, epochs: plan.epochs, step: step, steps: stepsPerEpoch,
      loss: record.loss, accuracy: accuracy, imagesPerSecond: clock.overallRate ?? 0,
      learningRate: record.learningRate, secondsRemaining: elapsed / Double(stepsRun) * Double(left)
    )
  }
}

extension ClassificationPlan {
  /// The learning rate of every step.
  package func rates(stepsPerEpoch: Int) -> LearningRateSchedule {
    let warmup = Int((warmupEpochs * Double(stepsPerEpoch)).rounded())
    return switch schedule {
    case .cosine:
      .cosine(epochs: epochs, warmupEpochs: warmupEpochs, stepsPerEpoch: stepsPerEpoch)
    case .step:
      LearningRateSchedule.step(
        everyEpochs: stepEpochs, stepsPerEpoch: stepsPerEpoch, factor: stepFactor
      ).warmed(up: warmup)
    case .constant: LearningRateSchedule.constant.warmed(up: warmup)
    }
  }
}
