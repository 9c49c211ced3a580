/// How a ranker spreads its slates over the catalogue.
public struct Exposure: Sendable, Hashable, Codable {
  /// Distinct items shown over the catalogue's items.
  public var coverage: Double
  /// Gini coefficient of how often each item was shown, those never shown included: 0 where all are
  /// shown alike, towards 1 where one item takes everything.
  public var gini: Double

  /// Counts what was shown. O(shown + catalogue log catalogue).
  /// - Parameters:
  ///   - shown: item numbers of all slates, each in `0 ..< catalogue`.
  ///   - catalogue: number of items that could be shown.
  /// - Throws: `EvaluationError` where nothing was shown or a number lies outside the catalogue.
  package init(shown: [Int32], catalogue: Int) throws(EvaluationError) {
    try checkCounts(shown.count)
    guard let index = shown.firstIndex(where: { $0 < 0 || Int($0) >= catalogue }) else {
      var counts = [Int](repeating: 0, count: catalogue)
      for item in shown { counts[Int(item)] += 1 }
      coverage = Double(counts.count { $0 > 0 }) / Double(catalogue)
      gini = giniCoefficient(counts)
      return
    }
    throw EvaluationError(
      .outOfRange,
      "Item \(index) is \(shown[index]). Number the \(catalogue) items of the catalogue from 0.")
  }
}

/// Gini coefficient of counts, of which one is above 0:
/// Σ (2 i - n - 1) x_i / (n Σ x) over ascending x, i from 1.
func giniCoefficient(_ counts: [Int]) -> Double {
  let sorted = counts.sorted()
  var weighted = 0.0
  var total = 0.0
  for (place, count) in sorted.enumerated() {
    weighted += Double(2 * (place + 1) - sorted.count - 1) * Double(count)
    total += Double(count)
  }
  return weighted / (Double(sorted.count) * total)
}
