/// Shares of two samples in the same bins, one over the other.
package struct HistogramChart: Sendable {
  package var title: String
  /// What each bin holds.
  package var bins: [String]
  /// Names of the two samples, and their shares by bin.
  package var samples: [(name: String, shares: [Double])]

  package init(title: String, bins: [String], samples: [(name: String, shares: [Double])]) {
    precondition(
      samples.allSatisfy { $0.shares.count == bins.count },
      "\(bins.count) bins need as many shares in every sample.")
    self.title = title
    self.bins = bins
    self.samples = samples
  }

  package func drawing() -> Drawing {
    let (left, right, top, bottom) = (64.0, 700.0, 30.0, 210.0)
    var drawing = Drawing(title: title, width: 720, height: 262)
    let y = PlotScale(samples.flatMap(\.shares) + [0], pixels: (bottom, top), count: 4)
    for tick in y.ticks {
      drawing.line(left, y(tick), right, y(tick))
      drawing.text(percent(tick), left - 6, y(tick) + 4, .end, .weak)
    }
    let width = (right - left) / Double(max(1, bins.count))
    let shown = max(1, Int((Double(bins.map(\.count).max() ?? 1) * 6.6 + 8) / width) + 1)
    for (bin, name) in bins.enumerated() {
      let x = left + width * Double(bin)
      for (number, sample) in samples.enumerated() {
        let inset = Double(number) * width * 0.12
        drawing.rectangle(
          x + 2 + inset, y(sample.shares[bin]), width - 4 - 2 * inset,
          bottom - y(sample.shares[bin]), .series(number), isTranslucent: true,
          tip: "\(name), \(sample.name): \(percent(sample.shares[bin]))")
      }
      if bin.isMultiple(of: shown) {
        drawing.text(String(name.prefix(20)), x + width / 2, bottom + 18, .middle, .weak)
      }
    }
    drawing.line(left, bottom, right, bottom, .weak)
    drawing.legend(samples.map(\.name), left, 16)
    return drawing
  }
}
