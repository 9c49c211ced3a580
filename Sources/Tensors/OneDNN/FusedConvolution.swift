import CDNNL

/// A convolution for inference: weights are laid out once for this processor, activations stay in
/// blocks of channels, and bias, residual sum and ReLU happen while results are in registers.
///
/// One object serves any number of threads, each with its own `WorkerContext`.
package final class FusedConvolution: Sendable {
  /// How an activation `[N, C, H, W]` lies in memory.
  package enum Layout: Sendable {
    /// Row-major.
    case plain
    /// Blocks of `Activations.channelBlock` channels.
    case blocked
  }

  package enum Algorithm: Sendable { case automatic, direct, winograd }

  package let geometry: ConvolutionGeometry
  package let usesWinograd: Bool

  private let primitive: Primitive
  private let weights: AlignedBuffer
  private let bias: AlignedBuffer
  private let biasLayout: TensorLayout

  /// - Parameters:
  ///   - weights: `[outputChannels, inputChannels, kernel, kernel]`, row-major.
  ///   - bias: One number per output channel.
  ///   - input: How the input lies in memory; the output is always blocked.
  ///   - addsToOutput: Adds the result to what the output buffer holds (a residual connection).
  ///   - rectifies: Applies ReLU last.
  package init(
    _ geometry: ConvolutionGeometry, weights: [Float], bias: [Float], input: Layout = .blocked,
    addsToOutput: Bool = false, rectifies: Bool = false, algorithm: Algorithm = .automatic
  ) {
    precondition(
      weights.count == geometry.weightShape.reduce(1, *) && bias.count == geometry.outputChannels,
      "\(weights.count) weights and \(bias.count) biases for the shape \(geometry.weightShape)")
    self.geometry = geometry
    let fusion = Primitive.Fusion(addsToOutput: addsToOutput, rectifies: rectifies)
    let winograd =
      algorithm == .winograd || (algorithm == .automatic && Self.prefersWinograd(geometry))
      ? Self.compile(geometry, dnnl_convolution_winograd, input, fusion) : nil
    usesWinograd = winograd != nil
    guard
      let primitive = winograd ?? Self.compile(geometry, dnnl_convolution_direct, input, fusion)
    else { preconditionFailure("oneDNN cannot convolve \(geometry) on this processor") }
    self.primitive = primitive
    self.bias = AlignedBuffer(bias)
    biasLayout = TensorLayout([bias.count])

    let layout = primitive.layout(Int32(DNNL_ARG_WEIGHTS))
    let arranged = AlignedBuffer(byteCount: layout.byteCount)
    let plain = AlignedBuffer(weights)
    WorkerContext.withBorrowed {
      Reorder.run(
        plain.bytes, TensorLayout(geometry.weightShape), to: arranged.bytes, layout, in: $0)
    }
    withExtendedLifetime(plain) {}
    self.weights = arranged
  }

  /// - Parameters:
  ///   - input: `[N, C, H, W]` in the layout chosen at creation.
  ///   - output: Blocked; holds the other summand where the convolution adds to it.
  package func run(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, in context: WorkerContext
  ) {
    primitive.run(
      [
        .init(
          role: DNNL_ARG_SRC, layout: primitive.layout(DNNL_ARG_SRC),
          data: UnsafeMutableRawPointer(mutating: input)),
        .init(
          role: DNNL_ARG_WEIGHTS, layout: primitive.layout(DNNL_ARG_WEIGHTS), data: weights.bytes),
        .init(role: DNNL_ARG_BIAS, layout: biasLayout, data: bias.bytes),
        .init(role: DNNL_ARG_DST, layout: primitive.layout(DNNL_ARG_DST), data: output),
      ], in: context)
  }

  /// Winograd needs 2.25 times fewer multiplications for 3x3 kernels, and pays for it with two
  /// transforms whose share falls with the number of channels. A rule, not a measurement, so that
  /// features do not depend on the load of the machine.
  private static func prefersWinograd(_ geometry: ConvolutionGeometry) -> Bool {
    geometry.kernel == 3 && geometry.stride == 1 && geometry.padding == 1
      && geometry.inputChannels >= 64 && geometry.outputChannels >= 64
  }

  private static func compile(
    _ geometry: ConvolutionGeometry, _ algorithm: dnnl_alg_kind_t, _ input: Layout,
    _ fusion: Primitive.Fusion
  ) -> Primitive? {
    let blocked = TensorLayout.Order.blocked(Engine.channelBlock)
    var operation = dnnl_convolution_desc_t()
    var source = TensorLayout(geometry.inputShape, input == .plain ? .plain : blocked).descriptor
    var weights = TensorLayout(geometry.weightShape, .any).descriptor
    var bias = TensorLayout([geometry.outputChannels]).descriptor
    var target = TensorLayout(geometry.outputShape, blocked).descriptor
    check(
      dnnl_convolution_forward_desc_init(
        &operation, dnnl_forward_inference, algorithm, &source, &weights, &bias, &target,
        geometry.pair(geometry.stride), geometry.pair(geometry.padding), nil),
      "describing the convolution \(geometry)")
    return Primitive.make(&operation, fusion: fusion)
  }
}

extension ConvolutionGeometry {
  /// The same number for both spatial dimensions, as oneDNN wants it.
  func pair(_ value: Int) -> [dnnl_dim_t] { [dnnl_dim_t(value), dnnl_dim_t(value)] }
}
