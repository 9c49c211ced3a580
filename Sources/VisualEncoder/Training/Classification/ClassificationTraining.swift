package import Images
package import NeuralNetworks
import Tensors

/// Trains an encoder and its classifier on labelled pictures.
package struct ClassificationTraining: Sendable {
  package let plan: ClassificationPlan
  package let configuration: EncoderConfiguration
  /// Where training starts; nil for random weights.
  package let initial: EncoderWeights?

  package init(
    _ plan: ClassificationPlan, _ configuration: EncoderConfiguration,
    initial: EncoderWeights? = nil
  ) {
    (self.plan, self.configuration, self.initial) = (plan, configuration, initial)
  }

  /// Throws where no network can be built.
  package func validate(path: String) throws(VisualEncoderError) {
    try configuration.validate(path: path)
  }

  /// How training pictures must be decoded.
  package var trainingPreprocessing: Preprocessing {
    plan.augmentation.isNone
      ? configuration.preprocessing : configuration.preprocessing.forAugmentation
  }

  /// Trains until the epochs are used up or patience is, and leaves the classifier at its best epoch.
  ///
  /// The same plan, pictures and machine give the same bits, also after a stop and a resume, and with
  /// any number of workers.
  /// - Parameters:
  ///   - train: decoded by `trainingPreprocessing`.
  ///   - validation: decoded by the configuration's preprocessing.
  ///   - checkpoint: written after each epoch.
  ///   - progress: called after each step.
  ///   - epochEnded: called after each epoch, with the validation.
  /// - Throws: `NotFiniteBatch` naming the pictures of a step that has no finite loss or gradient;
  ///   `CancellationError` within a step; whatever the checkpoint throws.
  package func run(
    train: DecodedImages, validation: DecodedImages, checkpoint: Checkpoint? = nil,
    progress: (ClassificationProgress) -> Void = { _ in },
    epochEnded: (EpochRecord, ClassificationReport) -> Void = { _, _ in }
  ) throws -> ClassificationOutcome {
    let (classifier, shared) = try makeClassifier(train.images)
    let maker = makeBatches(train)
    let course = TrainingCourse(plan, images: train.images.images.count)
    let (clock, tally) = (StepClock(), TrainingTally())
    let evaluation = ClassifierEvaluation(validation, workers: plan.workers)
    var last: ClassificationReport?
    let record: TrainingRecord
    do {
      record = try trainer(course).fit(
        classifier, optimizer: optimizer(classifier),
        batches: { epoch in
          BatchLoader(maker, course.order(epoch), epoch: epoch, workers: plan.workers, clock: clock)
        },
        loss: { batch, pass in
          let count = batch.count
          return shardedLoss(batch.shards, of: classifier, pass) { shard, pass in
            classifier.loss(shard, of: count, pass, tally: tally)
          }
        },
        validate: {
          let report = evaluation.run(classifier)
          last = report
          return report.score
        },
        checkpoint: checkpoint,
        eachStep: { progress(course.advance($0, accuracy: tally.take(), clock)) },
        report: { epoch in if let last { epochEnded(epoch, last) } })
    } catch TrainingError.notFinite(let epoch, let batch?, let what) {
      let order = course.order(epoch).batches
      throw NotFiniteBatch(
        epoch: epoch, batch: batch, what: what,
        images: order[batch].flatMap { $0.map { train.images.images[$0].id } })
    }
    return ClassificationOutcome(
      classifier: classifier, record: record, sharedCodes: shared,
      stepImagesPerSecond: clock.rate, imagesPerSecond: clock.overallRate)
  }

  private func makeClassifier(
    _ images: LabelledImages
  ) throws(VisualEncoderError) -> (EncoderClassifier, shared: [String]) {
    var weights =
      if let initial { initial } else {
        try EncoderWeights(random: plan.seed, for: configuration)
      }
    let truth = CategoryTruth(images, categories: configuration.categories)
    var counts = [Int](repeating: 0, count: configuration.categories.count)
    for row in truth.rows.joined() { counts[Int(row) - 1] += 1 }
    let shared: [String]
    (weights, shared) = try RareCategories(leastImages: plan.rareImages, parents: plan.parents)
      .share(weights, configuration, counts: counts)
    let network = EncoderNetwork(
      configuration, weights: weights, batchNorm: plan.batchNorm == .frozen ? .frozen : .batch,
      arithmetic: plan.arithmetic == .bf16 ? .bfloat16 : .float32)
    let classifier = EncoderClassifier(
      network, classes: images.classes.count, isMultiLabel: images.isMultiLabel,
      dropout: Scalar(plan.dropout),
      judgeWeight: verifies ? Scalar(plan.verificationWeight) : nil, seed: plan.seed)
    return (classifier, shared)
  }

  private var verifies: Bool { configuration.attention == .category && plan.verification > 0 }

  private func makeBatches(_ train: DecodedImages) -> BatchMaker {
    var maker = BatchMaker(train, Augmenter(plan.augmentation, for: configuration.preprocessing))
    maker.mixing = PictureMixing(mixup: plan.mixup, cutmix: plan.cutmix)
    maker.labelSmoothing = Scalar(plan.labelSmoothing)
    maker.seed = plan.seed
    if verifies {
      maker.verification = (
        plan.verification, CategoryTruth(train.images, categories: configuration.categories)
      )
    }
    return maker
  }

  private func optimizer(_ classifier: EncoderClassifier) -> any Optimizer {
    let groups = ParameterGroup.splitDecay(
      ParameterList(classifier), weightDecay: Scalar(plan.weightDecay))
    let rate = Scalar(plan.learningRate)
    return switch plan.optimizer {
    case .sgd:
      SGD(
        groups, learningRate: rate, momentum: Scalar(plan.momentum), nesterov: plan.momentum > 0)
    case .adamw: Adam(groups, learningRate: rate)
    }
  }

  private func trainer(_ course: TrainingCourse) -> Trainer {
    Trainer(
      epochs: plan.epochs, patience: plan.patience, clipNorm: plan.clipNorm, seed: plan.seed,
      schedule: plan.rates(stepsPerEpoch: course.stepsPerEpoch),
      average: plan.average.map { WeightAverage(decay: $0) }, keeps: plan.keep)
  }
}
