public import NeuralNetworks
public import Rankers
public import Slates

/// What `model.json` says about a model bundle.
public struct ModelManifest: Sendable {
  /// What the model does and its shape.
  public var model: Model
  /// How it was trained and what it reached.
  public var training: TrainingSummary
  /// SHA-256 of every other file of the bundle, by name.
  public var files: [String: String] = [:]

  /// The kinds of models a bundle can hold.
  public enum Model: Sendable {
    /// Scores candidates one by one.
    case ranker(RankerSpecification, RankerInput, RankerOutput, ScoreCalibration)
    /// Arranges lists; the version of the visual features it saw, if any.
    case slate(SlateSpecification, visualVersion: String?)
  }
}

/// The record of a training, kept in the bundle.
public struct TrainingSummary: Codable, Sendable {
  /// The course of the training.
  public var record: TrainingRecord
  /// Rows or lists that were trained on.
  public var examples: Int
  /// What the kept epoch reached, by name; `validation_auc` for instance.
  public var metrics: [String: Double]
  /// Drives every random choice.
  public var seed: UInt64
  /// What was taken over from another model, where one was.
  public var warmStart: WarmStartReport?

  enum CodingKeys: String, CodingKey {
    case record, examples, metrics, seed
    case warmStart = "warm_start"
  }

  /// - Parameters:
  ///   - metric: what the record's scores measure.
  ///   - isLoss: whether the record holds its negative, since scores are better when higher.
  init(_ record: TrainingRecord, examples: Int, metric: String, isLoss: Bool, seed: UInt64) {
    self.record = record
    self.examples = examples
    self.seed = seed
    metrics = record.best.map { ["validation_\(metric)": isLoss ? -$0.score : $0.score] } ?? [:]
  }
}
