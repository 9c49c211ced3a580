package import Tensors

/// Weights taken from a public state dict, and what had to be made up.
package struct WeightImport: Sendable {
  package let weights: EncoderWeights
  /// The gate tensors that the file did not bring and that were initialised, sorted.
  package let initialized: [String]

  /// Reads a safetensors file with torchvision's or timm's names.
  ///
  /// - Throws: `unreadable` where the file is no good, `tensorMismatch` listing every tensor that
  ///   does not fit.
  package static func read(
    _ path: String, for configuration: EncoderConfiguration
  ) throws(VisualEncoderError) -> WeightImport {
    try WeightImport(tensors: WeightFile.read(path), for: configuration, path: path)
  }

  package init(
    tensors: [String: StoredTensor], for configuration: EncoderConfiguration, path: String
  ) throws(VisualEncoderError) {
    try configuration.validate(path: path)
    var tensors = PublicLayouts.normalized(tensors)
    if let variant = UnsupportedVariant.name(tensors) {
      let known = Architecture.allCases.map(\.rawValue).joined(separator: ", ")
      throw VisualEncoderError(
        .tensorMismatch, path: path,
        reason: "these are the weights of \(variant), which is another network; use one of"
          + " \(known) as torchvision has them")
    }
    initialized = GateInitialization.complete(&tensors, for: configuration)
    weights = try EncoderWeights(tensors, for: configuration, path: path)
  }
}
