import Images
import Tensors

/// Turns the convolutions of an encoder into primitives of one arithmetic.
struct PlanCompiler {
  let weights: EncoderWeights
  /// Images that the next convolution takes.
  var batch: Int
  let arithmetic: Arithmetic
  /// Needed for bytes only.
  let calibration: Calibration?

  /// Where the result of a convolution goes.
  struct Target {
    var format: ActivationFormat
    /// What one unit of the result is worth.
    var scale: Float = 1
    /// What one unit of the earlier contents, which are added, is worth; nil without a sum.
    var sum: Float?
    var sumElement: ElementType?
    var rectifies = false
  }

  /// What one unit of a tensor between two convolutions is worth.
  func scale(_ tensor: String, largest: Float = 255) -> Float {
    guard case .int8 = arithmetic else { return 1 }
    guard let clip = calibration?.clips[tensor] else {
      preconditionFailure("the calibration lacks \(tensor)")
    }
    return max(clip, .leastNormalMagnitude * 256) / largest
  }

  /// The convolution of a step over activations whose units are worth `inputScale`.
  func convolution(
    _ step: ResidualBlock.Step, _ height: Int, _ width: Int, inputScale: Float, to target: Target
  ) -> FusedConvolution {
    let folded = FoldedConvolution(step, weights)
    var geometry = ConvolutionGeometry(
      batch: batch, inputChannels: step.inputChannels, height: height, width: width,
      outputChannels: step.outputChannels, kernel: step.kernel, stride: step.stride,
      padding: step.kernel / 2)
    // Winograd's transforms of one image stay in the cache; those of a batch do not.
    if arithmetic == .float32, FusedConvolution.prefersWinograd(geometry) { geometry.batch = 1 }
    return fuse(
      geometry, quantized(folded.weights, folded.bias.count, inputScale, target), folded.bias,
      input: arithmetic.activations, target)
  }

  /// The first convolution. Single precision reads normalised planes; the others read pixels that
  /// have a border of the mean colour, which stands for the zeros of the padding.
  func stem(
    _ step: ResidualBlock.Step, side: Int, _ normalization: Normalization
  ) -> FusedConvolution {
    let folded = FoldedConvolution(step, weights)
    var geometry = ConvolutionGeometry(
      batch: batch, inputChannels: step.inputChannels, height: side, width: side,
      outputChannels: step.outputChannels, kernel: step.kernel, stride: step.stride,
      padding: Self.stemPadding)
    let target = Target(
      format: arithmetic.activations, scale: scale(step.convolution), rectifies: true)
    if arithmetic == .float32 {
      return fuse(
        geometry, .floats(folded.weights), folded.bias, input: ActivationFormat(.plain), target)
    }
    geometry.height += 2 * Self.stemPadding
    geometry.width += 2 * Self.stemPadding
    geometry.padding = 0
    let overPixels = folded.overPixels(normalization)
    let weights = quantized(overPixels.weights, overPixels.bias.count, 1, target)
    return fuse(
      geometry, weights, overPixels.biasOverPixels(weights.values(in: target), normalization),
      input: arithmetic.activations, target)
  }

  static let stemPadding = ResidualBlock.Step.stemKernel / 2

  private func quantized(
    _ weights: [Float], _ channels: Int, _ inputScale: Float, _ target: Target
  ) -> FusedConvolution.Weights {
    guard case .int8(let bits) = arithmetic else { return .floats(weights) }
    let quantized = QuantizedWeights(weights, channels: channels, bits: bits)
    return .integers(
      quantized.values, scales: quantized.scales.map { $0 * inputScale / target.scale })
  }

  private func fuse(
    _ geometry: ConvolutionGeometry, _ weights: FusedConvolution.Weights, _ bias: [Float],
    input: ActivationFormat, _ target: Target
  ) -> FusedConvolution {
    FusedConvolution(
      geometry, weights: weights, bias: bias.map { $0 / target.scale }, input: input,
      output: target.format,
      options: .init(
        sum: target.sum.map { $0 / target.scale }, sumElement: target.sumElement,
        rectifies: target.rectifies))
  }
}

extension FusedConvolution.Weights {
  /// The weights as they are multiplied, for an input of scale 1.
  fileprivate func values(in target: PlanCompiler.Target) -> [Float] {
    switch self {
    case .floats(let values): values.map(\.roundedToBrainFloat)
    case .integers(let values, let scales):
      values.enumerated().map { index, value in
        Float(value) * scales[index / (values.count / scales.count)] * target.scale
      }
    }
  }
}
