public import NeuralNetworks
public import Rankers
public import Slates

/// What `model.json` says about a model bundle.
public struct ModelManifest: Codable, Sendable {
  /// The version of the layout that this build writes and reads.
  public static let currentFormat = 1

  /// The version of the layout.
  public var format = Self.currentFormat
  /// What the model does and its shape.
  public var model: Model
  /// How it was trained and what it reached.
  public var training: TrainingSummary
  /// SHA-256 of every other file of the bundle, by name.
  public var files: [String: String] = [:]

  /// The kinds of models a bundle can hold.
  public enum Model: Codable, Sendable {
    /// Scores candidates one by one.
    case ranker(RankerSpecification, RankerInput)
    /// Arranges lists; the version of the visual features it saw, if any.
    case slate(Seq2SlateConfiguration, visualVersion: String?)
  }
}

/// The record of a training, kept in the bundle.
public struct TrainingSummary: Codable, Sendable {
  /// The course of the training.
  public var record: TrainingRecord
  /// Rows or lists that were trained on.
  public var examples: Int
  /// Scores on validation data, and on test data if it was asked for.
  public var metrics: [String: Double]
  /// Drives every random choice.
  public var seed: UInt64
}

extension ModelManifest {
  static let fileName = "model.json"
  static let weightsName = "weights.safetensors"
  static let transformName = "transform.json"

  /// Reads the manifest of a bundle and checks its files.
  static func read(_ folder: String) throws -> ModelManifest {
    let manifest = try JSONFile.read(ModelManifest.self, from: "\(folder)/\(fileName)")
    guard manifest.format == currentFormat else {
      throw VitrineError(
        "\(folder)/\(fileName): format \(manifest.format), but this build reads \(currentFormat)",
        remedy: "Use a build that fits, or train again.")
    }
    for (name, expected) in manifest.files.sorted(by: { $0.key < $1.key }) {
      guard !name.contains("/"), name != fileName else {
        throw VitrineError(
          "\(folder)/\(fileName): \"\(name)\" is no file of a bundle", remedy: "Train again.")
      }
      let found = try BundleFolder.hash(ofFile: "\(folder)/\(name)")
      guard found == expected else {
        throw VitrineError(
          "\(folder)/\(name): its SHA-256 is \(found), not \(expected): the file was changed or cut"
            + " short", remedy: "Copy the bundle again, or train again.")
      }
    }
    return manifest
  }

  /// Writes a bundle: the files that `write` makes, and this manifest with their hashes.
  func create(_ destination: String, _ write: (_ folder: String) throws -> [String]) throws {
    try BundleFolder.create(destination) { folder in
      var manifest = self
      for name in try write(folder) {
        manifest.files[name] = try BundleFolder.hash(ofFile: "\(folder)/\(name)")
      }
      try JSONFile.write(manifest, to: "\(folder)/\(Self.fileName)")
    }
  }
}
