import Foundation

extension ClickPropensity {
  /// What a click at a rank, counted from 1, weighs.
  package func weight(rank: Int) -> Double { min(pow(Double(rank), eta), clip) }
}

extension SlateList {
  /// What the click on a candidate, given in base order, weighs; 0 without one.
  func clickWeight(_ candidate: Int, _ propensity: ClickPropensity?) -> Double {
    guard clicks?[candidate] == true else { return 0 }
    return propensity?.weight(rank: candidate + 1) ?? 1
  }

  /// Whether there is anything to learn from it.
  var hasClicks: Bool { clicks?.contains(true) ?? false }
}
