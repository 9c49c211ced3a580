import CKernels

/// The weights of one axis: for each output position in a window, which input positions it sums.
///
/// Weights are those of Pillow's `Resample.c`: the kernel is widened when shrinking, normalised in
/// double precision, then rounded to 22 fractional bits.
struct ResampleAxis {
  private var starts: [Int32] = []
  private var lengths: [Int32] = []
  private var weights: [Int32] = []
  private var kernel: [Double] = []
  private var taps = 0

  /// Resampling of `input` positions to `output`, of which only those in `window` are computed.
  init(from input: Int, to output: Int, window: Range<Int>, interpolation: Interpolation) {
    build(from: input, to: output, window: window, interpolation: interpolation)
  }

  /// The weights of another resampling, in the same memory.
  /// Complexity: O(window × taps).
  mutating func build(
    from input: Int, to output: Int, window: Range<Int>, interpolation: Interpolation
  ) {
    precondition(
      input > 0 && window.lowerBound >= 0 && window.upperBound <= output && !window.isEmpty,
      "window \(window) of \(output) positions from \(input)")
    let scale = Double(Float(input)) / Double(output)
    let filterScale = max(scale, 1)
    let support = interpolation.support * filterScale
    let inverse = 1 / filterScale
    taps = Int(support.rounded(.up)) * 2 + 1
    starts.reset(window.count, 0)
    lengths.reset(window.count, 0)
    weights.reset(window.count * taps, 0)
    kernel.reset(taps, 0)

    for (row, position) in window.enumerated() {
      let center = (Double(position) + 0.5) * scale
      let start = max(Int(center - support + 0.5), 0)
      let length = min(Int(center + support + 0.5), input) - start
      var sum = 0.0
      for i in 0..<length {
        let value = interpolation.weight(at: (Double(i + start) - center + 0.5) * inverse)
        kernel[i] = value
        sum += value
      }
      for i in 0..<length {
        let value = sum != 0 ? kernel[i] / sum : kernel[i]
        let fixed = value * Self.one
        weights[row * taps + i] = Int32(fixed < 0 ? fixed - 0.5 : fixed + 0.5)
      }
      starts[row] = Int32(start)
      lengths[row] = Int32(length)
    }
  }

  private static let one = Double(1 << 22)

  /// The input positions that the window needs.
  var span: Range<Int> {
    let first = Int(starts.first ?? 0)
    return first..<Int(starts.last ?? 0) + Int(lengths.last ?? 0)
  }

  /// Calls a kernel for which input position `origin` is the first.
  func withKernel(origin: Int = 0, _ body: (UnsafePointer<resample_axis>) -> Void) {
    starts.withUnsafeBufferPointer { starts in
      lengths.withUnsafeBufferPointer { lengths in
        weights.withUnsafeBufferPointer { weights in
          let kernel = resample_axis(
            starts: starts.baseAddress, lengths: lengths.baseAddress,
            weights: weights.baseAddress, count: Int32(starts.count), taps: Int32(taps),
            origin: Int32(origin))
          withUnsafePointer(to: kernel, body)
        }
      }
    }
  }
}

extension Array {
  fileprivate mutating func reset(_ count: Int, _ value: Element) {
    removeAll(keepingCapacity: true)
    append(contentsOf: repeatElement(value, count: count))
  }
}
