import Foundation
import Vitrine

extension Double {
  /// With a fixed number of decimals.
  func text(_ decimals: Int = 4) -> String { String(format: "%.\(decimals)f", self) }
}

extension MetricEstimate {
  /// `0.6712  [0.6650, 0.6771]`
  var cells: [String] { [metric, value.text(), interval { $0.text() }] }

  /// The same with a sign, for differences; behind one of areas the relative improvement.
  var signedCells: [String] {
    func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + value.text() }
    let share = relative.map { " (\($0 < 0 ? "" : "+")\((100 * $0).text(1)) %)" } ?? ""
    return [metric, signed(value) + share, interval(signed)]
  }

  private func interval(_ text: (Double) -> String) -> String {
    guard let lower, let upper else { return "" }
    return "[\(text(lower)), \(text(upper))]"
  }
}
