/// The magnitudes of the numbers of one tensor, counted in bins of equal width.
struct ActivationHistogram {
  static let bins = 2048
  /// The largest magnitude expected.
  let largest: Float
  private(set) var counts = [Int](repeating: 0, count: Self.bins)
  private(set) var total = 0

  mutating func add(_ values: UnsafeBufferPointer<Float>) {
    guard largest > 0, largest.isFinite else { return }
    let scale = Float(Self.bins) / largest
    // Weights that overflow make numbers that are none; the clip that comes of them is refused.
    for value in values where !value.isNaN {
      counts[min(Int(min(abs(value) * scale, Float(Self.bins))), Self.bins - 1)] += 1
    }
    total += values.count
  }

  /// Adds the counts of another histogram of the same range. Whole numbers, so the order of
  /// several does not matter.
  mutating func merge(_ other: ActivationHistogram) {
    for bin in counts.indices { counts[bin] += other.counts[bin] }
    total += other.total
  }

  /// - Parameter steps: Whole numbers that the tensor is rounded to, zero apart: 255 or 127.
  func clip(_ method: ClippingMethod, steps: Int) -> Float {
    switch method {
    case .minMax: largest
    case .percentile: percentile(0.9999)
    case .mse: leastSquares(steps: steps)
    }
  }

  /// Zeros, of which ReLU makes many, do not count.
  private func percentile(_ share: Double) -> Float {
    var rest = Double(total - (counts.first ?? 0)) * (1 - share)
    for bin in stride(from: Self.bins - 1, to: 0, by: -1) {
      rest -= Double(counts[bin])
      if rest < 0 { return largest * Float(bin + 1) / Float(Self.bins) }
    }
    return largest
  }

  /// Rounding to steps of width s costs s²/12 a number, clipping its squared distance.
  private func leastSquares(steps: Int) -> Float {
    var best = (error: Double.infinity, bins: Self.bins)
    // Numbers in the first bin are mostly exact zeros, which no step width changes.
    let inner = counts.enumerated().dropFirst()
    for bins in stride(from: Self.bins, through: Self.bins / 16, by: -16) {
      let step = Double(bins) / Double(steps)
      var error = 0.0
      for (bin, count) in inner where count > 0 {
        let beyond = Double(bin) + 0.5 - Double(bins)
        error += Double(count) * (beyond > 0 ? beyond * beyond : step * step / 12)
      }
      if error < best.error { best = (error, bins) }
    }
    return largest * Float(best.bins) / Float(Self.bins)
  }
}
