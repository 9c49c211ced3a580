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
    if tensors.keys.contains(where: { $0.hasPrefix("conv1.0.") }) {
      throw VisualEncoderError(
        .tensorMismatch, path: path,
        reason: "a deep stem (timm's resnet*d) is another architecture; use a plain ResNet")
    }
    initialized = GateInitialization.complete(&tensors, for: configuration)
    weights = try EncoderWeights(tensors, for: configuration, path: path)
  }
}
