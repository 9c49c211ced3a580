import Foundation
import Images
import NeuralNetworks
import RankingData
public import VisualEncoder

/// Trains visual encoders: `vitrine encoder train`.
public enum EncoderTraining {
  /// What an encoder is trained for.
  public enum Objective: String, Sendable, CaseIterable {
    /// To tell classes of labelled pictures apart.
    case classification
    /// To predict clicks, inside a ranker.
    case clicks
  }

  /// The objective of a configuration, which decides what other keys are legal in it.
  /// - Throws: an error naming file, line and key.
  public static func objective(of path: String) throws -> Objective {
    struct Document: Decodable { var objective: String? }
    let root = try ConfigurationNode(path: path)
    let legal = Objective.allCases.map(\.rawValue)
    guard root.isMapping, let text = try root.decode(Document.self).objective else {
      throw root.failure(
        .missingKey, "there is no \"objective\".",
        "Add one: \(legal.joined(separator: " or ")).")
    }
    guard let objective = Objective(rawValue: text) else {
      throw root.failure(
        .badValue, "there is no objective \"\(text)\".", suggestion(for: text, in: legal))
    }
    return objective
  }

  /// Trains for classification and writes the bundle and, beside it, what people look at:
  /// `OUTPUT.report.json`, `OUTPUT.curves.svg`, `OUTPUT.confusion.svg`. A task that is cancelled stops
  /// within a step; the checkpoint then holds the finished epochs.
  ///
  /// - Parameters:
  ///   - checkpoint: a file that is written after each epoch and removed at the end.
  ///   - resume: whether to go on from it.
  ///   - say: receives what is to be known about the data, and a line an epoch.
  ///   - progress: called after each step.
  /// - Throws: `CancellationError`, and errors that name the file, line, key or picture at fault.
  public static func run(
    _ file: EncoderTrainingFile, output: String, checkpoint path: String, resume: Bool,
    say: (String) -> Void = { _ in }, progress: (ClassificationProgress) -> Void = { _ in }
  ) throws -> EncoderTrainingSummary {
    // Hours later would be a bad time to notice.
    guard !FileManager.default.fileExists(atPath: output) else {
      throw VisualEncoderError(
        .alreadyExists, path: output, reason: "there is something here; choose another --output")
    }
    let start = ContinuousClock.now
    let data = try EncoderTrainingData(file)
    for line in data.notes { say(line) }
    let configuration = data.configuration(file)
    let initial = try file.initial.map { path in
      try InitialEncoder(EncoderBundle.load(path), as: configuration, path: path)
    }
    for note in initial?.notes ?? [] { say(note) }
    let training = ClassificationTraining(file.plan, configuration, initial: initial?.weights)
    try training.validate(path: file.train)
    let pictures = try data.decode(training, memory: file.memory, workers: file.plan.workers)
    for line in pictures.notes { say(line) }
    let checkpoint = try Checkpoint(path: path, resume: resume)
      .of(data.fingerprint(file, configuration))
    checkpoint.removeLeftovers()

    let outcome = try training.run(
      train: pictures.train, validation: pictures.validation, checkpoint: checkpoint,
      progress: progress
    ) { epoch, report in
      say(
        "epoch \(epoch.epoch) of \(file.plan.epochs): loss \(digits(epoch.loss)), validation"
          + " \(report.measure) \(digits(report.score)), loss \(digits(report.loss))")
    }
    if !outcome.sharedCodes.isEmpty {
      say(
        "rare categories that started from their parent's code: "
          + outcome.sharedCodes.joined(separator: ", "))
    }
    try outcome.classifier.round(to: file.weights)
    let workers = file.plan.workers
    let validation = ClassifierEvaluation(pictures.validation, workers: workers)
      .run(outcome.classifier, neighbours: true)
    let test = pictures.test.map {
      ClassifierEvaluation($0, workers: workers).run(outcome.classifier, neighbours: true)
    }
    var summary = EncoderTrainingSummary(
      record: outcome.record, validation: validation, test: test,
      trainingImages: pictures.train.images.images.count)
    summary.unreadable = pictures.failures.map { .init(id: $0.id, reason: $0.reason) }
    summary.duplicates = data.split.duplicates
    summary.sharedCodes = outcome.sharedCodes
    summary.stepImagesPerSecond = outcome.stepImagesPerSecond
    summary.imagesPerSecond = outcome.imagesPerSecond
    let bundle = try EncoderBundle.create(
      at: output, configuration: configuration, weights: outcome.classifier.encoderWeights(),
      precision: file.weights, training: summary.words(file.plan))
    summary.hash = bundle.hash
    summary.seconds = start.duration(to: .now) / .seconds(1)
    try EncoderTrainingPictures(summary, file.plan).write(beside: output)
    try JSONFile.write(summary, to: output + ".report.json")
    checkpoint.remove()
    return summary
  }

  /// Four decimals.
  private static func digits(_ value: Double) -> String { String(format: "%.4f", value) }
}

extension EncoderClassifier {
  fileprivate func round(to precision: WeightPrecision) throws(VisualEncoderError) {
    if precision == .fp16 { try roundToHalf() }
  }
}
