import Images
import VisualEncoder

/// The pictures of a training, read and parted, not yet decoded.
struct EncoderTrainingData {
  let split: LabelledSplit
  let test: LabelledImages?
  private let path: String
  /// SHA-256 of the training's and the validation's files.
  private let digests: [String?]

  init(_ file: EncoderTrainingFile) throws {
    path = file.train
    let workers = file.plan.workers
    func digests(_ images: LabelledImages) -> [String?] {
      ContentDigests.of(images.images.map(\.path), workers: workers)
    }
    let all = try LabelledImages.read(file.train)
    test = try file.test.map(all.readOthers)
    let own = digests(all)
    var held = Set(test.map { digests($0).compactMap { $0 } } ?? [])
    switch file.validation {
    case .share(let share):
      // The test's duplicates go first, so that no part of them is left anywhere.
      let apart = LabelledSplit(train: all, digests: own, validation: all, held: held)
      let left = zip(all.images, own).filter { !($0.1.map(held.contains) ?? false) }.map(\.1)
      var split = try LabelledSplit(
        apart.train, share: share, digests: left, seed: file.plan.seed, path: file.train)
      split.duplicates = apart.duplicates
      self.split = split
      self.digests = own
    case .input(let input):
      let validation = try all.readOthers(input)
      let others = digests(validation)
      held.formUnion(others.compactMap { $0 })
      split = LabelledSplit(train: all, digests: own, validation: validation, held: held)
      self.digests = own + others
    }
    guard !split.train.images.isEmpty else {
      throw VisualEncoderError(
        .invalidInput, path: file.train,
        reason: "every picture is also one of the validation or the test; give other pictures")
    }
  }

  /// What is to be known before it begins.
  var notes: [String] {
    let counts = split.train.classCounts
    var notes = [
      "\(split.train.classes.count) classes"
        + (split.train.isMultiLabel ? ", several a picture" : "")
        + "; pictures: \(split.train.images.count) to train on, \(split.validation.images.count)"
        + " to validate" + (test.map { ", \($0.images.count) to test" } ?? "")
        + "; \(counts.min() ?? 0) to \(counts.max() ?? 0) a class"
    ]
    if !split.duplicates.isEmpty {
      notes.append(
        "not trained on, since the validation or the test holds the same bytes:"
          + " \(split.duplicates.count)")
    }
    for (name, count) in zip(split.train.classes, counts) where count == 0 {
      notes.append("warning: class \"\(name)\" has no picture left to train on")
    }
    return notes
  }

  /// With the categories that the file asks for.
  func configuration(_ file: EncoderTrainingFile) -> EncoderConfiguration {
    var configuration = file.configuration
    if configuration.attention == .category {
      switch file.categories {
      case .classes: configuration.categories = split.train.classes
      case .names(let names): configuration.categories = names
      }
    }
    return configuration
  }

  /// Everything decoded, and what could not be.
  struct Decoded {
    let train: DecodedImages
    let validation: DecodedImages
    let test: DecodedImages?

    var failures: [DecodedImages.Failure] {
      train.failures + validation.failures + (test?.failures ?? [])
    }

    var notes: [String] {
      guard let first = failures.first else { return [] }
      return [
        "left out, since they cannot be read: \(failures.count); the first: \(first.id):"
          + " \(first.reason)"
      ]
    }
  }

  func decode(
    _ training: ClassificationTraining, memory: Int, workers: Int
  ) throws -> Decoded {
    func decode(_ images: LabelledImages, _ preprocessing: Preprocessing) throws -> DecodedImages {
      try DecodedImages(
        images, preprocessing, workers: workers, memoryLimit: memory << 20, path: path)
    }
    let seen = training.configuration.preprocessing
    return Decoded(
      train: try decode(split.train, training.trainingPreprocessing),
      validation: try decode(split.validation, seen), test: try test.map { try decode($0, seen) })
  }

  /// What decides the course of a training. The number of workers and the patience do not.
  func fingerprint(
    _ file: EncoderTrainingFile, _ configuration: EncoderConfiguration
  ) throws -> TrainingFingerprint {
    var (plan, defaults) = (file.plan, ClassificationPlan())
    swap(&plan.workers, &defaults.workers)
    swap(&plan.patience, &defaults.patience)
    var fingerprint = TrainingFingerprint()
    try fingerprint.add(plan)
    try fingerprint.add(configuration)
    try fingerprint.add(digests)
    try fingerprint.add(split.train.images.map(\.labels))
    try fingerprint.add(split.validation.images.map(\.labels))
    try fingerprint.add(file.initial.map { try BundleFolder.hash(ofFile: $0 + "/encoder.json") })
    return fingerprint
  }
}
