import Images

/// An encoder as it lies in a folder: `encoder.json` and `weights.safetensors`.
package struct EncoderBundle: Sendable {
  package let configuration: EncoderConfiguration
  package let weights: EncoderWeights
  /// How the weights were trained, in free words; nil for imported ones.
  package let training: String?
  /// SHA-256 of everything that decides a feature, apart from preprocessing: cache keys hold it.
  package let hash: String

  package static let configurationFile = "encoder.json"
  package static let weightsFile = "weights.safetensors"

  /// Raised when the same weights begin to give other features.
  private static let graphVersion = 1

  init(
    _ configuration: EncoderConfiguration, _ weights: EncoderWeights, training: String?,
    weightsHash: String
  ) {
    self.configuration = configuration
    self.weights = weights
    self.training = training
    let parts = [
      "vitrine encoder \(Self.graphVersion)", configuration.architecture.rawValue,
      configuration.attention.rawValue, "\(configuration.gateReduction)",
      "\(configuration.channelCodeWidth)", "\(configuration.spatialCodeSide)", weightsHash,
    ]
    // Lengths keep the parts apart, whatever a category is called.
    let text = (parts + configuration.categories).map { "\($0.utf8.count):\($0)" }.joined()
    hash = HexDigest.sha256(Array(text.utf8))
  }

  /// An encoder that lies in no folder. Its hash is not that of the same encoder in a folder.
  package init(configuration: EncoderConfiguration, weights: EncoderWeights) {
    self.init(configuration, weights, training: nil, weightsHash: "in memory")
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
