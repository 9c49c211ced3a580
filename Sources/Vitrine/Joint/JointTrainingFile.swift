import Foundation
public import Images
import NeuralNetworks
public import Rankers
public import RankingData
import VisualEncoder

/// What `vitrine encoder train CONFIG.yaml` reads where `objective` is `clicks`: a ranker's training
/// configuration, and its encoder.
///
/// ```yaml
/// objective: clicks
/// encoder:
///   initial: assets/encoder             # a bundle, or a seed for random weights
///   attention: category
///   learning_rate_factor: 0.1
/// images_per_batch: 64
/// samples_per_image: 64
/// model: {kind: deepfm, width: 16, hidden: [64, 32]}
/// data: {impressions: impressions.csv, catalogue: catalogue.csv}
/// schema: {categorical: [user, item, category], visual: {items: true}}
/// training: {epochs: 10, learning_rate: 0.001}
/// ```
public struct JointTrainingFile: Sendable {
  /// The kind of ranker and its shape.
  public var specification: RankerSpecification
  /// How both are trained; `batchSize` is not read.
  public var training: RankerTraining
  /// What the ranker reads; it must have visual items.
  public var schema: RankingSchema
  /// What they learn from; it must have a catalogue with images.
  public var data: DataSource
  /// The encoder.
  public var encoder: JointEncoderPlan
  /// Distinct images in a step: the encoder runs once for each.
  public var imagesPerBatch = 64
  /// Rows of one image in a step, at most; the others come in later steps of the epoch.
  public var samplesPerImage = 64
  /// How pictures vary in training; the table is made of pictures as they are.
  public var augmentation = Augmentation.none
  /// How the lookup table stores a number.
  public var storage = FeatureExtraction.Storage.float16

  /// A plan.
  public init(
    _ specification: RankerSpecification, _ training: RankerTraining, schema: RankingSchema,
    data: DataSource, encoder: JointEncoderPlan
  ) {
    self.specification = specification
    self.training = training
    self.schema = schema
    self.data = data
    self.encoder = encoder
  }

  /// Every key at the top of the file.
  static let keys =
    ["objective", "encoder", "images_per_batch", "samples_per_image", "augmentation", "storage"]
    + ["model", "data", "schema", "training"]

  /// Whether a configuration asks for joint training.
  public static func isJoint(path: String) throws -> Bool {
    isJoint(try ConfigurationNode(path: path))
  }

  static func isJoint(_ root: ConfigurationNode) -> Bool {
    struct Objective: Decodable { var objective: String? }
    return (try? root.decode(Objective.self))?.objective == "clicks"
  }

  /// Reads a configuration.
  /// - Throws: an error naming file, line and key; unknown keys are refused with the nearest legal
  ///   one.
  public init(path: String, overrides: TrainingFile.Overrides = .init()) throws {
    let root = try ConfigurationNode(path: path)
    var members = try root.members(Self.keys)
    if let objective = members.removeValue(forKey: "objective"),
      try objective.string() != "clicks"
    {
      throw objective.failure(
        .badValue, "\"\(try objective.string())\" does not train a ranker.", "Write clicks.")
    }
    if let steps = try members["training"]?.members(RankerTraining.keys)["batch_size"] {
      throw steps.failure(
        .unknownKey, "joint training counts images, not rows.",
        "Remove it; images_per_batch and samples_per_image decide.")
    }
    if let loss = try members["training"]?.members(RankerTraining.keys)["loss"],
      try loss.decode(RankingLossSpecification.self).kind != LogisticLoss.kind
    {
      throw loss.failure(
        .badValue, "joint training draws samples of images, so it knows no whole requests.",
        "Remove it or write logistic; train with vitrine train on the encoder's features instead.")
    }
    let encoder = members.removeValue(forKey: "encoder")
    let images = members.removeValue(forKey: "images_per_batch")
    let samples = members.removeValue(forKey: "samples_per_image")
    let augmentation = members.removeValue(forKey: "augmentation")
    let storage = members.removeValue(forKey: "storage")
    let file = try TrainingFile(root, members, path: path, overrides)
    guard case .ranker(let specification, let training, let schema) = file.task else {
      throw root.failure(
        .badValue, "a slate model is not trained with an encoder.",
        "Train a ranker such as deepfm here, and the slate model with vitrine train afterwards.")
    }
    if file.data.negatives != nil {
      throw (members["data"] ?? root).failure(
        .unknownKey, "joint training sees the rows that were shown, and draws no negatives.",
        "Remove negatives; train with vitrine train on the encoder's features instead.")
    }
    if training.scene != nil {
      throw (members["training"] ?? root).failure(
        .unknownKey, "joint training does not weigh scenes.", "Remove scene.")
    }
    if training.calibration != .none {
      throw (members["training"] ?? root).failure(
        .unknownKey, "the logits of a joint training are not calibrated again.",
        "Remove calibration.")
    }
    self.init(
      specification, training, schema: schema, data: file.data,
      encoder: try JointEncoderPlan(encoder, path: path, seed: training.seed))
    imagesPerBatch = try images?.integer(in: 1...65_536) ?? imagesPerBatch
    samplesPerImage = try samples?.integer(in: 1...1_048_576) ?? samplesPerImage
    self.augmentation = try augmentation.map(Augmentation.init(node:)) ?? .none
    self.storage = try storage?.choice(FeatureExtraction.Storage.self) ?? .float16
    try check { problem, remedy in root.failure(.badValue, problem, remedy) }
  }

  /// Refuses what cannot be trained.
  func check(_ failure: (_ problem: String, _ remedy: String) -> any Error) throws {
    if !schema.visual.items {
      throw failure("the schema looks at no images.", "Set visual: {items: true} in the schema.")
    }
    if data.catalogue == nil {
      throw failure(
        "there is no catalogue, so no images.", "Set data.catalogue or pass --catalogue.")
    }
    if training.optimizer != .adam {
      throw failure(
        "\(training.optimizer.rawValue) has no learning rate for the encoder alone.",
        "Set training.optimizer to adam.")
    }
  }
}
