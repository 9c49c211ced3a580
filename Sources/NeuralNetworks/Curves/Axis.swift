import Foundation

/// One axis of a plot: a range of values, its round ticks, and where they lie.
struct Axis {
  private(set) var range: ClosedRange<Double>
  private(set) var ticks: [Double] = []
  private let pixels: (from: Double, to: Double)
  private var step = 1.0

  /// `pixels` is where the ends of the range lie; `from` may be the greater. Of `values`, those that
  /// are not finite are ignored.
  ///
  /// - Parameters:
  ///   - count: About so many ticks.
  ///   - whole: Ticks at whole numbers only.
  init(
    _ values: [Double], pixels: (from: Double, to: Double), count: Int, whole: Bool = false
  ) {
    self.pixels = pixels
    let finite = values.filter { abs($0) <= 1e300 }
    var (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    // A range of its own width for a constant, far above the rounding of its value.
    let size = max(abs(low), abs(high))
    if high - low <= max(size * 1e-9, 1e-290) {
      let reach = size < 1e-280 ? 1 : size * 0.1
      (low, high) = whole ? (low, low + 1) : (low - reach, high + reach)
    }
    step = Self.roundStep((high - low) / Double(max(count, 1)))
    if whole { step = max(step.rounded(), 1) }
    let (first, last) = ((low / step).rounded(.down), (high / step).rounded(.up))
    range = whole ? low...high : first * step...last * step
    ticks = (0...Int(min(max(last - first, 0), 100))).map { (first + Double($0)) * step }
      .filter { range.contains($0) }
  }

  /// 1, 2 or 5 times a power of ten, at least `step`.
  private static func roundStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    return ([1, 2, 5].map { $0 * power }.first { $0 >= step * 0.999 }) ?? 10 * power
  }

  /// Where a value lies.
  func place(_ value: Double) -> Double {
    let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    return pixels.from + share * (pixels.to - pixels.from)
  }

  /// A tick as text, with as many digits as its neighbours differ in.
  func label(_ tick: Double) -> String {
    let largest = max(abs(range.lowerBound), abs(range.upperBound))
    if largest >= 1e6 || largest < 1e-3 {
      return tick == 0 ? "0" : String(format: "%.3g", tick)
    }
    let digits = max(0, Int(-log10(step).rounded(.down)))
    // A tick at zero may have missed it by a rounding.
    return String(format: "%.\(digits)f", abs(tick) < step * 1e-6 ? 0 : tick)
  }
}
