import Foundation

/// Maps values to pixels, with ticks at round numbers.
package struct PlotScale {
  package let lower: Double
  package let upper: Double
  package let ticks: [Double]
  private let start: Double
  private let end: Double

  /// - Parameters:
  ///   - values: what must fit; values that are not finite do not count.
  ///   - pixels: where the lower and the upper end stand.
  ///   - whole: whether ticks between whole numbers mean nothing.
  package init(
    _ values: some Sequence<Double>, pixels: (Double, Double), count: Int = 5, whole: Bool = false
  ) {
    (start, end) = pixels
    let known = values.filter(\.isFinite)
    let low = known.min() ?? 0
    var high = known.max() ?? 1
    if high <= low { high = low + max(1e-9, low.magnitude * 0.1, low == 0 ? 1 : 0) }
    let raw = (high - low) / Double(max(1, count))
    let power = pow(10, log10(raw).rounded(.down))
    let finest = ([1, 2, 5, 10].first { $0 * power >= raw * 0.999 } ?? 10) * power
    let step = whole ? max(1, finest.rounded()) : finest
    lower = (low / step).rounded(.down) * step
    upper = (high / step).rounded(.up) * step
    let first = (lower / step - 1e-9).rounded(.up)
    let last = (upper / step + 1e-9).rounded(.down)
    ticks =
      last >= first && last - first < 100
      ? stride(from: first, through: last, by: 1).map { $0 * step } : []
  }

  /// The pixel of a value.
  package func callAsFunction(_ value: Double) -> Double {
    start + (value - lower) / (upper - lower) * (end - start)
  }
}
