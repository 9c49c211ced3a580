#if !DOUBLE_PRECISION
  import CKernels
  import Testing

  /// The fused pass of gates and residual sum: whatever the order of the activations and the
  /// elements around it, it is the same function.
  @Suite struct VisualGateTests {
    private static let (channels, hidden, height, width) = (48, 5, 6, 7)
    private static var area: Int { height * width }
    private static var count: Int { channels * area }

    private let weights = noise(channels * hidden * 2 + hidden + channels + 98 + area, seed: 7)
    private let input = noise(count, seed: 1)
    private let shortcut = noise(count, seed: 2).map { abs($0) }

    /// `[channels, area]` to the order of the gate, and back.
    private func offset(_ gate: vitrine_gate, _ index: Int) -> Int {
      let (channel, pixel) = (index / Self.area, index % Self.area)
      return channel / gate.lanes * gate.block_stride + pixel * gate.pixel_stride
        + channel % gate.lanes
    }

    private func withGate<Result>(
      lanes: Int, channelsLast: Bool, _ body: (inout vitrine_gate) -> Result
    ) -> Result {
      weights.withUnsafeBufferPointer { weights in
        guard var next = weights.baseAddress else { preconditionFailure("weights") }
        func take(_ count: Int) -> UnsafePointer<Float> {
          defer { next += count }
          return next
        }
        var gate = vitrine_gate(
          channels: Self.channels, hidden: Self.hidden, height: Self.height, width: Self.width,
          lanes: lanes, block_stride: channelsLast ? lanes : Self.area * lanes,
          pixel_stride: channelsLast ? Self.channels : lanes,
          hidden_weights: take(Self.channels * Self.hidden), hidden_bias: take(Self.hidden),
          output_weights: take(Self.channels * Self.hidden), output_bias: take(Self.channels),
          spatial_weights: take(98), spatial_bias: take(Self.area))
        return body(&gate)
      }
    }

    /// The result as `[channels, area]`, for a shortcut and a result of floats.
    private func floats(lanes: Int, channelsLast: Bool) -> [Float] {
      withGate(lanes: lanes, channelsLast: channelsLast) { gate in
        var (from, held) = (input, shortcut)
        for index in 0..<Self.count {
          from[offset(gate, index)] = input[index]
          held[offset(gate, index)] = shortcut[index]
        }
        var result = [Float](repeating: .nan, count: Self.count)
        run(&gate, from, held, (vitrine_float32, 1), &result, (vitrine_float32, 1))
        return (0..<Self.count).map { result[offset(gate, $0)] }
      }
    }

    private func run(
      _ gate: inout vitrine_gate, _ input: [Float], _ shortcut: UnsafeRawPointer,
      _ from: (vitrine_element, Float), _ result: UnsafeMutableRawPointer,
      _ to: (vitrine_element, Float)
    ) {
      var residual = vitrine_residual(
        shortcut: shortcut, shortcut_element: from.0, shortcut_scale: from.1, result: result,
        result_element: to.0, result_units: to.1)
      var scratch = [Float](repeating: .nan, count: vitrine_gate_scratch(&gate))
      vitrine_gate_apply(&gate, input, &residual, &scratch)
    }

    @Test func ordersAgree() {
      let expected = floats(lanes: 8, channelsLast: false)
      #expect(expected.contains { $0 > 0 } && expected.contains(0))
      for (lanes, channelsLast) in [(16, false), (16, true)] {
        let error = relativeError(
          floats(lanes: lanes, channelsLast: channelsLast), expected.map(Double.init(_:)))
        #expect(error < 1e-6, "\(lanes) \(channelsLast) \(error)")
      }
    }

    /// Bytes and `bfloat16` are those of the float result, rounded.
    @Test func elementsRoundTheSameResult() {
      withGate(lanes: 16, channelsLast: true) { gate in
        let scale: Float = 1 / 200
        let bytes = shortcut.map { UInt8($0 / scale * 0.9) }
        let widened = bytes.map { Float($0) * scale }
        var exact = [Float](repeating: .nan, count: Self.count)
        run(&gate, input, widened, (vitrine_float32, 1), &exact, (vitrine_float32, 1))
        var fromBytes = exact
        run(&gate, input, bytes, (vitrine_unsigned8, scale), &fromBytes, (vitrine_float32, 1))
        #expect(fromBytes == exact)
        var rounded = bytes
        run(&gate, input, bytes, (vitrine_unsigned8, scale), &rounded, (vitrine_unsigned8, 180))
        #expect(rounded == exact.map { UInt8(min($0 * 180 + 0.5, 255)) })
        let halves = widened.map { UInt16($0.bitPattern >> 16) }
        let held = halves.map { Float(bitPattern: UInt32($0) << 16) }
        run(&gate, input, held, (vitrine_float32, 1), &exact, (vitrine_float32, 1))
        var short = halves
        run(&gate, input, halves, (vitrine_bfloat16, 1), &short, (vitrine_bfloat16, 1))
        let error = zip(short, exact).reduce(Float(0)) {
          let value = Float(bitPattern: UInt32($1.0) << 16)
          return max($0, abs(value - $1.1) / max($1.1, .leastNormalMagnitude))
        }
        #expect(error <= 1 / 256, "\(error)")
      }
    }

    /// Windows of 3x3, two apart, in the other orders and elements.
    @Test(arguments: [(1, 1), (5, 7), (8, 6)]) func poolingAgrees(_ height: Int, _ width: Int) {
      let channels = 16
      let bytes = noise(height * width * channels, seed: 3).map { UInt8(127.5 + 127.5 * $0) }
      let area = ((height - 1) / 2 + 1) * ((width - 1) / 2 + 1)
      var expected = [Float](repeating: .nan, count: area * channels)
      vitrine_blocked_max_pool(1, height, width, channels, bytes.map { Float($0) }, &expected)
      var small = [UInt8](repeating: 99, count: area * channels)
      vitrine_channels_last_max_pool_unsigned8(height, width, channels, bytes, &small)
      #expect(small.map { Float($0) } == expected)
      var halves = [UInt16](repeating: 99, count: area * channels)
      vitrine_channels_last_max_pool_bfloat16(
        height, width, channels, bytes.map { UInt16(Float($0).bitPattern >> 16) }, &halves)
      #expect(halves.map { Float(bitPattern: UInt32($0) << 16) } == expected)
      var widened = [Float](repeating: .nan, count: bytes.count)
      vitrine_widen(bytes.count, vitrine_unsigned8, 0.5, bytes, &widened)
      #expect(widened == bytes.map { Float($0) * 0.5 })
      var means = [Float](repeating: .nan, count: channels)
      vitrine_channels_last_mean(height * width, channels, widened, &means)
      let first = (0..<height * width).reduce(0) { $0 + Double(widened[$1 * channels]) }
      #expect(abs(Double(means[0]) - first / Double(height * width)) < 1e-4)
    }

    @Test func pixelsLieInTheMiddle() {
      let (side, padding) = (3, 2)
      let pixels = (0..<27).map { UInt8($0 * 9) }
      var padded = [UInt8](repeating: 7, count: 7 * 7 * 3)
      vitrine_place_pixels(side, padding, pixels, &padded)
      var halves = [UInt16](repeating: UInt16(Float(7).bitPattern >> 16), count: padded.count)
      vitrine_place_pixels_bfloat16(side, padding, pixels, &halves)
      for y in 0..<7 {
        for x in 0..<21 {
          let isInside = (2..<5).contains(y) && (6..<15).contains(x)
          let expected = isInside ? pixels[(y - 2) * 9 + x - 6] : 7
          #expect(padded[y * 21 + x] == expected)
          #expect(Float(bitPattern: UInt32(halves[y * 21 + x]) << 16) == Float(expected))
        }
      }
    }
  }
#endif
