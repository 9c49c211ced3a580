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
  ///   - exact: ends that are kept as they are, instead of the next round numbers.
  package init(
    _ values: some Sequence<Double>, pixels: (Double, Double), count: Int = 5,
    exact: ClosedRange<Double>? = nil
  ) {
    (start, end) = pixels
    let known = values.filter(\.isFinite)
    let low = exact?.lowerBound ?? known.min() ?? 0
    var high = exact?.upperBound ?? known.max() ?? 1
    if high <= low { high = low + max(1e-9, low.magnitude * 0.1, low == 0 ? 1 : 0) }
    let raw = (high - low) / Double(max(1, count))
    let power = pow(10, log10(raw).rounded(.down))
    let step = ([1, 2, 5, 10].first { $0 * power >= raw * 0.999 } ?? 10) * power
    lower = exact == nil ? (low / step).rounded(.down) * step : low
    upper = exact == nil ? (high / step).rounded(.up) * step : high
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
