import CDNNL

/// A convolution for inference: weights are laid out once for this processor, activations stay in
/// the layout that suits it, and scales, bias, residual sum and ReLU happen while results are in
/// registers.
///
/// One object serves any number of threads, each with its own `WorkerContext`.
package final class FusedConvolution: Sendable {
  package enum Algorithm: Sendable { case automatic, direct, winograd }

  package enum Weights: Sendable {
    /// `[outputChannels, inputChannels, kernel, kernel]`, row-major; stored as the input is.
    case floats([Float])
    /// The same shape in whole numbers. `scales` holds what one unit of a product with the input
    /// is worth, in units of the output, for each output channel.
    case integers([Int8], scales: [Float])
  }

  package struct Options: Sendable {
    /// Adds this multiple of what the output buffer holds (a residual connection).
    package var sum: Float?
    /// What the output buffer holds, where it is not what the result is.
    package var sumElement: ElementType?
    /// Applies ReLU last.
    package var rectifies: Bool
    package var algorithm: Algorithm

    package init(
      sum: Float? = nil, sumElement: ElementType? = nil, rectifies: Bool = false,
      algorithm: Algorithm = .automatic
    ) {
      self.sum = sum
      self.sumElement = sumElement
      self.rectifies = rectifies
      self.algorithm = algorithm
    }
  }

  package let geometry: ConvolutionGeometry
  package let usesWinograd: Bool
  /// How input and output lie in memory.
  package let input: ActivationFormat
  package let output: ActivationFormat

  private let primitive: Primitive
  private let weights: AlignedBuffer
  private let bias: AlignedBuffer
  private let biasLayout: TensorLayout

  /// - Parameter bias: One number per output channel, in units of the output.
  package init(
    _ geometry: ConvolutionGeometry, weights: Weights, bias: [Float], input: ActivationFormat,
    output: ActivationFormat, options: Options = Options()
  ) {
    precondition(
      weights.count == geometry.weightShape.reduce(1, *) && bias.count == geometry.outputChannels,
      "\(weights.count) weights and \(bias.count) biases for the shape \(geometry.weightShape)")
    self.geometry = geometry
    self.input = input
    self.output = output
    let fusion = Primitive.Fusion(
      scales: weights.scales, sum: options.sum, sumElement: options.sumElement,
      rectifies: options.rectifies)
    let element = weights.element(for: input.element)
    func compile(_ algorithm: dnnl_alg_kind_t) -> Primitive? {
      Self.compile(geometry, algorithm, input, element, output, fusion)
    }
    let wantsWinograd =
      options.algorithm == .winograd
      || (options.algorithm == .automatic && element == .float32 && Self.prefersWinograd(geometry))
    let winograd = wantsWinograd ? compile(dnnl_convolution_winograd) : nil
    usesWinograd = winograd != nil
    guard let primitive = winograd ?? compile(dnnl_convolution_direct) else {
      preconditionFailure("oneDNN cannot convolve \(geometry) on this processor")
    }
    self.primitive = primitive
    // oneDNN scales the sum of products and bias together.
    self.bias = AlignedBuffer(
      weights.scales.isEmpty ? bias : zip(bias, weights.scales).map { $0 / $1 })
    biasLayout = TensorLayout([bias.count])
    self.weights = Self.arrange(weights, geometry.weightShape, for: primitive)
  }

  var scratchpadByteCount: Int { primitive.scratchpadByteCount }

  /// Ties the convolution to its activations, which must outlive the result.
  package func bind(
    input: UnsafeMutableRawPointer, output: UnsafeMutableRawPointer, in context: WorkerContext
  ) -> BoundPrimitive {
    primitive.bind(
      [
        .init(role: DNNL_ARG_SRC, layout: primitive.layout(DNNL_ARG_SRC), data: input),
        .init(
          role: DNNL_ARG_WEIGHTS, layout: primitive.layout(DNNL_ARG_WEIGHTS), data: weights.bytes),
        .init(role: DNNL_ARG_BIAS, layout: biasLayout, data: bias.bytes),
        .init(role: DNNL_ARG_DST, layout: primitive.layout(DNNL_ARG_DST), data: output),
      ], in: context)
  }

  /// Winograd needs 2.25 times fewer multiplications for 3x3 kernels, and pays for it with two
  /// transforms whose share falls with the number of channels. A rule, not a measurement, so that
  /// features do not depend on the load of the machine.
  package static func prefersWinograd(_ geometry: ConvolutionGeometry) -> Bool {
    geometry.kernel == 3 && geometry.stride == 1 && geometry.padding == 1
      && geometry.inputChannels >= 64 && geometry.outputChannels >= 64
  }

  private static func compile(
    _ geometry: ConvolutionGeometry, _ algorithm: dnnl_alg_kind_t, _ input: ActivationFormat,
    _ element: ElementType, _ output: ActivationFormat, _ fusion: Primitive.Fusion
  ) -> Primitive? {
    var operation = dnnl_convolution_desc_t()
    var source = input.layout(geometry.inputShape).descriptor
    var weights = TensorLayout(geometry.weightShape, .any, element).descriptor
    var bias = TensorLayout([geometry.outputChannels]).descriptor
    var target = output.layout(geometry.outputShape).descriptor
    check(
      dnnl_convolution_forward_desc_init(
        &operation, dnnl_forward_inference, algorithm, &source, &weights, &bias, &target,
        geometry.pair(geometry.stride), geometry.pair(geometry.padding), nil),
      "describing the convolution \(geometry)")
    return Primitive.make(&operation, fusion: fusion)
  }

  private static func arrange(
    _ weights: Weights, _ shape: [Int], for primitive: Primitive
  ) -> AlignedBuffer {
    let layout = primitive.layout(Int32(DNNL_ARG_WEIGHTS))
    let arranged = AlignedBuffer(byteCount: layout.byteCount)
    let (plain, element) = weights.buffer
    WorkerContext.withBorrowed {
      Reorder.run(
        plain.bytes, TensorLayout(shape, .plain, element), to: arranged.bytes, layout, in: $0)
    }
    withExtendedLifetime(plain) {}
    return arranged
  }
}

extension FusedConvolution.Weights {
  fileprivate var count: Int {
    switch self {
    case .floats(let values): values.count
    case .integers(let values, _): values.count
    }
  }

  fileprivate var scales: [Float] {
    switch self {
    case .floats: []
    case .integers(_, let scales): scales
    }
  }

  /// What the weights are stored as beside such an input.
  fileprivate func element(for input: ElementType) -> ElementType {
    switch self {
    case .floats: input
    case .integers: .signed8
    }
  }

  fileprivate var buffer: (AlignedBuffer, ElementType) {
    switch self {
    case .floats(let values): return (AlignedBuffer(values), .float32)
    case .integers(let values, _):
      let buffer = AlignedBuffer(byteCount: values.count)
      values.withUnsafeBytes { source in
        if let start = source.baseAddress {
          buffer.bytes.copyMemory(from: start, byteCount: source.count)
        }
      }
      return (buffer, .signed8)
    }
  }
}

extension ConvolutionGeometry {
  /// The same number for both spatial dimensions, as oneDNN wants it.
  func pair(_ value: Int) -> [dnnl_dim_t] { [dnnl_dim_t(value), dnnl_dim_t(value)] }
}
