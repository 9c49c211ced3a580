import NeuralNetworks
public import Slates

/// A trained slate model: a folder of `model.json` and `weights.safetensors`.
public struct SlateBundle: Sendable {
  /// The model.
  public let model: any SlateModel
  /// The version of the visual features it was trained with; nil if it looks at none.
  public let visualVersion: String?
  /// How it was trained.
  public let training: TrainingSummary

  init(model: any SlateModel, visualVersion: String?, training: TrainingSummary) {
    self.model = model
    self.visualVersion = visualVersion
    self.training = training
  }

  /// Loads a bundle and checks it: hashes, tensor names and shapes.
  /// - Throws: an error that names the file, tensor or key at fault.
  public init(path: String) throws {
    let manifest = try ModelManifest.read(path)
    guard case .slate(let specification, let visualVersion) = manifest.model else {
      throw VitrineError(
        "\(path): this bundle ranks, it does not arrange slates",
        remedy: "Pass it to rank --model, and a slate model here.")
    }
    model = try specification.model(seed: manifest.training.seed)
    self.visualVersion = visualVersion
    training = manifest.training
    try ParameterList(model).load(from: "\(path)/\(ModelManifest.weightsName)")
  }

  /// Writes the bundle; what stood there is replaced as a whole.
  public func save(to path: String) throws {
    let manifest = ModelManifest(
      model: .slate(model.specification, visualVersion: visualVersion), training: training)
    try manifest.create(path) { folder in
      try ParameterList(model).save(to: "\(folder)/\(ModelManifest.weightsName)")
      return [ModelManifest.weightsName]
    }
  }

  /// Refuses visual features of another version than the model saw.
  func check(_ features: VisualFeatures?, path: String) throws {
    guard let visualVersion, let features, features.version != visualVersion else { return }
    throw VitrineError(
      "\(path): trained with visual features \(visualVersion), but the cache holds"
        + " \(features.version)",
      remedy: "Use the cache it was trained with, or train again.")
  }
}
