import Foundation
public import Images
public import VisualEncoder

/// Makes encoder bundles from public weights: `vitrine encoder import`.
public enum EncoderImport {
  /// Where the weights come from.
  public enum Source: Sendable {
    /// A safetensors file with torchvision's or timm's names.
    case file(String)
    /// Random ones, drawn by a seed: enough to tell colours and patterns apart, and for tests.
    case random(seed: UInt64)
  }

  /// What was imported.
  public struct Summary: Sendable, Codable {
    /// The encoder's hash, which caches hold.
    public var hash: String
    /// Numbers a vector.
    public var featureWidth: Int
    /// Gate tensors that the weights did not bring and that were initialised.
    public var initialized: [String]
  }

  /// Writes a bundle.
  ///
  /// - Parameters:
  ///   - categories: a file with one category a line, for category attention; or nil.
  /// - Throws: `VisualEncoderError` listing every tensor that does not fit.
  public static func run(
    architecture: Architecture, attention: Attention, categories path: String?, source: Source,
    preprocessing: Preprocessing = Preprocessing(), output: String
  ) throws -> Summary {
    let configuration = EncoderConfiguration(
      architecture: architecture, attention: attention, categories: try path.map(categories) ?? [],
      preprocessing: preprocessing)
    let weights: EncoderWeights
    var initialized: [String] = []
    var training: String?
    switch source {
    case .file(let file):
      let imported = try WeightImport.read(file, for: configuration)
      (weights, initialized) = (imported.weights, imported.initialized)
    case .random(let seed):
      weights = try EncoderWeights(random: seed, for: configuration)
      training = "random weights, seed \(seed)"
    }
    let bundle = try EncoderBundle.create(
      at: output, configuration: configuration, weights: weights, training: training)
    return Summary(
      hash: bundle.hash, featureWidth: configuration.featureWidth, initialized: initialized)
  }

  /// Describes a bundle after checking its hashes and tensors.
  public static func inspect(_ path: String) throws -> EncoderDescription {
    let bundle = try EncoderBundle.load(path)
    return EncoderDescription(
      hash: bundle.hash(for: Arithmetic(bundle.configuration.precision)),
      configuration: bundle.configuration,
      featureWidth: bundle.configuration.featureWidth, training: bundle.training,
      calibration: bundle.calibration.map { .init(method: $0.method, images: $0.images) },
      tensors: bundle.weights.tensors.count,
      parameters: bundle.weights.parameterCount)
  }

  private static func categories(_ path: String) throws -> [String] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw VitrineError(
        "\(path): the file of categories cannot be read", remedy: "Give one category a line.")
    }
    return text.split(whereSeparator: \.isNewline).map(String.init)
  }
}

/// What an encoder bundle holds.
public struct EncoderDescription: Sendable, Codable {
  /// How the reach of activations was measured, for arithmetic in bytes.
  public struct Calibration: Sendable, Codable {
    /// How it was chosen.
    public var method: ClippingMethod
    /// Images that it was measured on.
    public var images: Int
  }

  /// What caches know it by when it computes in its own precision.
  public var hash: String
  /// Architecture, gates, categories and preprocessing.
  public var configuration: EncoderConfiguration
  /// Numbers a vector.
  public var featureWidth: Int
  /// How the weights were trained; nil for imported ones.
  public var training: String?
  /// Nil where `encoder quantize` has not been run.
  public var calibration: Calibration?
  /// Tensors.
  public var tensors: Int
  /// Numbers in them.
  public var parameters: Int
}
