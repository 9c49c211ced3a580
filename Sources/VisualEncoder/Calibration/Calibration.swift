/// What a sample of images told about the activations of an encoder: how far each tensor reaches.
/// `encoder quantize` makes it, and arithmetic in bytes needs it.
package struct Calibration: Sendable, Codable, Equatable {
  /// How the reach was chosen.
  package var method: ClippingMethod
  /// Images in the sample.
  package var images: Int
  /// The largest number of each tensor that a byte still holds; what is beyond is clipped to it.
  package var clips: [String: Float]

  package init(method: ClippingMethod, images: Int, clips: [String: Float]) {
    self.method = method
    self.images = images
    self.clips = clips
  }

  /// The tensors that a plan of this configuration keeps in bytes.
  static func tensors(_ configuration: EncoderConfiguration) -> [String] {
    var names = [ResidualBlock.Step.stemName]
    let blocks = configuration.architecture.residualBlocks
    for (index, block) in blocks.enumerated() {
      names += block.steps.dropLast().map(\.convolution)
      if configuration.attention == .none, let downsample = block.downsample {
        names.append(downsample.convolution)
      }
      if index < blocks.count - 1 { names.append(block.name) }
    }
    return names
  }

  /// What is wrong with it for this configuration; nil where it fits.
  func problem(for configuration: EncoderConfiguration) -> String? {
    let wanted = Set(Self.tensors(configuration))
    let missing = wanted.subtracting(clips.keys).sorted()
    if !missing.isEmpty { return "it lacks \(missing.joined(separator: ", "))" }
    let bad = clips.filter { !($0.value >= 0 && $0.value.isFinite) }.keys.sorted()
    return bad.isEmpty ? nil : "\(bad.joined(separator: ", ")) must be finite and not negative"
  }
}

/// How far a tensor that is kept in bytes reaches.
public enum ClippingMethod: String, Sendable, Codable, CaseIterable {
  /// Up to the largest magnitude in the sample.
  case minMax = "min-max"
  /// Up to what 99.99 % of the numbers do not exceed.
  case percentile
  /// Up to where the mean squared error of rounding and clipping is least.
  case mse
}
