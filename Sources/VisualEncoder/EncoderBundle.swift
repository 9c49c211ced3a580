import Images

/// An encoder as it lies in a folder: `encoder.json`, `weights.safetensors` and, for bytes,
/// `calibration.json`.
package struct EncoderBundle: Sendable {
  package let configuration: EncoderConfiguration
  package let weights: EncoderWeights
  /// How the weights were trained, in free words; nil for imported ones.
  package let training: String?
  /// What bytes stand for; nil where `encoder quantize` has not been run.
  package let calibration: Calibration?
  /// SHA-256 of everything that decides a feature in floats, apart from preprocessing.
  package let hash: String

  package static let configurationFile = "encoder.json"
  package static let weightsFile = "weights.safetensors"
  package static let calibrationFile = "calibration.json"

  /// Raised when the same weights begin to give other features.
  private static let graphVersion = 2

  init(
    _ configuration: EncoderConfiguration, _ weights: EncoderWeights, training: String?,
    weightsHash: String, calibration: Calibration? = nil
  ) {
    self.configuration = configuration
    self.weights = weights
    self.training = training
    self.calibration = calibration
    let parts = [
      "vitrine encoder \(Self.graphVersion)", configuration.architecture.rawValue,
      configuration.attention.rawValue, "\(configuration.gateReduction)",
      "\(configuration.channelCodeWidth)", "\(configuration.spatialCodeSide)", weightsHash,
    ]
    // Lengths keep the parts apart, whatever a category is called.
    let text = (parts + configuration.categories).map { "\($0.utf8.count):\($0)" }.joined()
    hash = HexDigest.sha256(Array(text.utf8))
  }

  /// SHA-256 of everything that decides a feature of this arithmetic, apart from preprocessing:
  /// cache keys hold it.
  package func hash(for arithmetic: Arithmetic) -> String {
    guard case .int8 = arithmetic, let calibration else { return hash }
    let clips = calibration.clips.sorted { $0.key < $1.key }
    let text = clips.map { "\($0.key):\($0.value.bitPattern)" }.joined(separator: " ")
    return HexDigest.sha256(Array("\(hash) \(text)".utf8))
  }

  /// An encoder that lies in no folder. Its hash is not that of the same encoder in a folder.
  package init(
    configuration: EncoderConfiguration, weights: EncoderWeights, calibration: Calibration? = nil
  ) {
    self.init(
      configuration, weights, training: nil, weightsHash: "in memory", calibration: calibration)
  }

  /// - Throws: `invalidConfiguration` where the bundle cannot compute like this.
  package func check(
    _ precision: EncoderConfiguration.Precision, path: String
  ) throws(VisualEncoderError) {
    if precision == .int8 && calibration == nil {
      throw VisualEncoderError(
        .invalidConfiguration, path: path,
        reason: "int8 needs to know how far activations reach; measure it by"
          + " `vitrine encoder quantize \(path) IMAGES --output ENCODER8` and extract with that")
    }
  }

  /// What a cache filled by this encoder must say about itself.
  package var usesCategory: Bool { configuration.attention == .category }

  /// The rows of the category codes by name; every other category has row 0.
  package var categoryRowsByName: [String: Int] {
    guard usesCategory else { return [:] }
    return Dictionary(
      configuration.categories.enumerated().map { ($1, $0 + 1) },
      uniquingKeysWith: { first, _ in
        first
      })
  }
}
