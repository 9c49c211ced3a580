import Foundation
import Rankers
import RankingData
import Tensors
import VisualEncoder

/// What a joint training has read before its first step.
struct JointData: Sendable {
  let plan: JointTrainingFile
  let start: InitialEncoder
  let images: ImageCollection
  /// The catalogue as extraction reads it.
  let items: [ExtractionItem]
  let transform: FeatureTransform
  let training: RowSelection<CompiledLog>
  let validation: RowSelection<CompiledLog>

  /// The version of vectors that belong to no bundle yet.
  static let unfinished = "in training"

  /// A ranker with fresh parameters for vectors of a version.
  ///
  /// - Throws: `VitrineError` for a kind through which no gradient reaches the encoder.
  func ranker(version: String) throws -> any NeuralRanker {
    let ranker = try RankerRegistry.make(
      plan.specification,
      input: RankerInput(
        layout: transform.layout,
        visual: .init(width: start.configuration.featureWidth, version: version)),
      seed: plan.training.seed)
    guard let neural = ranker as? any NeuralRanker else {
      throw VitrineError(
        "a ranker of kind \(ranker.kind) has no gradients that an encoder could learn by",
        remedy: "Train a neural ranker together with the encoder, for instance deepfm.")
    }
    return neural
  }

  /// A line about the data, and one for whatever is to be known about the start.
  func describe(_ say: (String) -> Void) {
    let configuration = start.configuration
    say(
      "impressions: \(training.count) to train on, \(validation.count) to validate;"
        + " \(images.pictureCount) pictures in \(images.count) rows for \(images.rows.count) of"
        + " \(items.count) items; \(configuration.architecture.rawValue), attention"
        + " \(configuration.attention.rawValue), batch norm \(plan.encoder.batchNorm.rawValue)")
    for note in start.notes { say("note: \(note)") }
    if let first = images.failures.first {
      say(
        "note: \(images.failures.count) images cannot be read and count as missing; the first is"
          + " \(first.id): \(first.reason)")
    }
  }

  /// Everything that decides the course, but for epochs and patience: a training may be given more.
  func fingerprint() throws -> TrainingFingerprint {
    var (course, defaults) = (plan.training, RankerTraining())
    swap(&course.epochs, &defaults.epochs)
    swap(&course.patience, &defaults.patience)
    var fingerprint = TrainingFingerprint()
    try fingerprint.add(plan.specification)
    try fingerprint.add(course)
    try fingerprint.add(transform)
    try fingerprint.add([training.count, validation.count])
    try fingerprint.add([plan.imagesPerBatch, plan.samplesPerImage])
    try fingerprint.add([plan.encoder.rateFactor, plan.encoder.weightDecay])
    try fingerprint.add([plan.encoder.batchNorm.rawValue, plan.encoder.arithmetic.rawValue])
    try fingerprint.add(plan.augmentation)
    try fingerprint.add(start.configuration)
    try fingerprint.add(start.weights.digest)
    try fingerprint.add(images.ids)
    return fingerprint
  }
}
