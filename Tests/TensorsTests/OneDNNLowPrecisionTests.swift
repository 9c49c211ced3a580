#if !DOUBLE_PRECISION
  import CKernels
  import Tensors
  import Testing

  /// Convolutions of bytes and of `bfloat16` against the same products in double precision.
  @Suite struct OneDNNLowPrecisionTests {
    struct Case: Sendable, CustomTestStringConvertible {
      var geometry: ConvolutionGeometry
      var output: ElementType
      var sum: Float?
      var sumElement: ElementType?
      var rectifies: Bool

      var testDescription: String {
        "\(geometry.weightShape) on \(geometry.inputShape) to \(output), sum \(sum ?? 0) of"
          + " \(sumElement ?? output), ReLU \(rectifies)"
      }
    }

    /// The shapes of a residual network, small.
    static let geometries = [
      ConvolutionGeometry(
        batch: 2, inputChannels: 3, height: 38, width: 38, outputChannels: 64, kernel: 7, stride: 2),
      ConvolutionGeometry(
        batch: 2, inputChannels: 64, height: 9, width: 9, outputChannels: 64, kernel: 3, padding: 1),
      ConvolutionGeometry(
        batch: 3, inputChannels: 64, height: 10, width: 10, outputChannels: 128, kernel: 3,
        stride: 2, padding: 1),
      ConvolutionGeometry(
        batch: 4, inputChannels: 64, height: 8, width: 8, outputChannels: 256, kernel: 1),
      ConvolutionGeometry(
        batch: 1, inputChannels: 128, height: 7, width: 7, outputChannels: 64, kernel: 1, stride: 2),
    ]

    static let byteCases: [Case] = geometries.flatMap { geometry in
      [
        Case(geometry: geometry, output: .unsigned8, rectifies: true),
        Case(geometry: geometry, output: .signed8, rectifies: false),
        Case(geometry: geometry, output: .float32, rectifies: false),
        Case(geometry: geometry, output: .float32, sum: 1, rectifies: true),
        Case(geometry: geometry, output: .unsigned8, sum: 0.7, rectifies: true),
        Case(
          geometry: geometry, output: .unsigned8, sum: 0.7, sumElement: .signed8, rectifies: true),
      ]
    }

    @Test(arguments: byteCases) func bytesMatchTheDefinition(_ sample: Case) {
      let geometry = sample.geometry
      let bits = Processor.hasByteDotProducts ? 127 : 63
      let input = noise(geometry.inputCount, seed: 1).map { UInt8(127.5 + 127.5 * $0) }
      let weights = noise(geometry.weightCount, seed: 2).map { Int8(Scalar(bits) * $0) }
      let fan = Float(geometry.weightCount / geometry.outputChannels)
      let scales = noise(geometry.outputChannels, seed: 3).map {
        (1.5 + $0) * 20 / (Float(bits) * 127 * fan.squareRoot())
      }
      let bias = noise(geometry.outputChannels, seed: 4).map { 40 * $0 }
      let held = noise(geometry.outputCount, seed: 5).map {
        ((sample.sumElement ?? sample.output).largest * abs($0)).rounded()
      }
      let convolution = FusedConvolution(
        geometry, weights: .integers(weights, scales: scales), bias: bias,
        input: ActivationFormat(.channelsLast, .unsigned8),
        output: ActivationFormat(.channelsLast, sample.output),
        options: .init(sum: sample.sum, sumElement: sample.sumElement, rectifies: sample.rectifies))

      var products = [Double](repeating: 0, count: geometry.outputCount)
      var shape = geometry.plainShape
      vitrine_convolution_forward_double(
        &shape, input.map { Double($0) }, weights.map { Double($0) },
        [Double](repeating: 0, count: geometry.outputChannels), &products)
      let area = geometry.outputHeight * geometry.outputWidth
      let expected = products.enumerated().map { index, product in
        let channel = index / area % geometry.outputChannels
        var value = product * Double(scales[channel]) + Double(bias[channel])
        value += Double(held[index]) * Double(sample.sum ?? 0)
        if sample.rectifies { value = max(value, 0) }
        return sample.output.stored(value)
      }

      let source = Interleaved(geometry.inputShape, .unsigned8)
      source.store(input.map { Float($0) })
      let target = Interleaved(geometry.outputShape, sample.sumElement ?? sample.output)
      target.store(held)
      convolution.bind(
        input: source.buffer.bytes, output: target.buffer.bytes, in: WorkerContext()
      ).run()
      let actual = Interleaved(geometry.outputShape, sample.output, target.buffer).load()
      let worst = zip(actual, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
      // A number half way between two steps may go either way, since scales are single precision.
      #expect(worst <= (sample.output == .float32 ? 1e-3 : 1), "\(worst)")
      let wrong = zip(actual, expected).count { abs(Double($0) - $1) > 1e-3 }
      #expect(Double(wrong) <= 0.001 * Double(actual.count), "\(wrong) of \(actual.count) differ")
    }
  }

  extension ElementType {
    fileprivate var largest: Float {
      switch self {
      case .unsigned8: 255
      case .signed8: 127
      default: 100
      }
    }

    fileprivate func stored(_ value: Double) -> Double {
      switch self {
      case .unsigned8: min(max(value.rounded(.toNearestOrEven), 0), 255)
      case .signed8: min(max(value.rounded(.toNearestOrEven), -128), 127)
      default: value
      }
    }
  }

  /// An activation with its channels last, seen from outside as `[N, C, H, W]`.
  private struct Interleaved {
    let shape: [Int]
    let element: ElementType
    let buffer: AlignedBuffer

    init(_ shape: [Int], _ element: ElementType, _ buffer: AlignedBuffer? = nil) {
      self.shape = shape
      self.element = element
      self.buffer = buffer ?? AlignedBuffer(byteCount: shape.reduce(1, *) * 4)
    }

    private func offsets(_ body: (_ index: Int, _ offset: Int) -> Void) {
      let (channels, area) = (shape[1], shape[2] * shape[3])
      for index in 0..<shape.reduce(1, *) {
        let (image, channel, pixel) = (
          index / (channels * area), index / area % channels, index % area
        )
        body(index, (image * area + pixel) * channels + channel)
      }
    }

    func store(_ values: [Float]) {
      offsets { index, offset in
        switch element {
        case .float32: buffer.floats[offset] = values[index]
        case .bfloat16:
          buffer.bytes.storeBytes(
            of: UInt16(values[index].bitPattern >> 16), toByteOffset: 2 * offset, as: UInt16.self)
        case .unsigned8:
          buffer.bytes.storeBytes(of: UInt8(values[index]), toByteOffset: offset, as: UInt8.self)
        case .signed8:
          buffer.bytes.storeBytes(of: Int8(values[index]), toByteOffset: offset, as: Int8.self)
        }
      }
    }

    func load() -> [Float] {
      var values = [Float](repeating: 0, count: shape.reduce(1, *))
      offsets { index, offset in
        switch element {
        case .float32: values[index] = buffer.floats[offset]
        case .bfloat16:
          let bits = buffer.bytes.load(fromByteOffset: 2 * offset, as: UInt16.self)
          values[index] = Float(bitPattern: UInt32(bits) << 16)
        case .unsigned8:
          values[index] = Float(buffer.bytes.load(fromByteOffset: offset, as: UInt8.self))
        case .signed8:
          values[index] = Float(buffer.bytes.load(fromByteOffset: offset, as: Int8.self))
        }
      }
      return values
    }
  }
#endif
