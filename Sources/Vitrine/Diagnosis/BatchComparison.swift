import RankingData

/// Counts, field by field, the values of two batches of the same rows that differ.
struct BatchComparison {
  private(set) var compared = 0
  private(set) var different = 0
  private var byField: [String: (different: Int, compared: Int)] = [:]
  private let layout: FeatureLayout

  init(_ layout: FeatureLayout) { self.layout = layout }

  /// Compares row `pairs.0` of the first with row `pairs.1` of the second.
  mutating func add(_ a: RankingBatch, _ b: RankingBatch, pairs: [(Int, Int)]) {
    for (index, field) in layout.categorical.enumerated() {
      count(field.name, pairs) { a.categorical[index][$0] == b.categorical[index][$1] }
    }
    for (index, field) in layout.bags.enumerated() {
      count(field.name, pairs) { a.bags[index][$0].elementsEqual(b.bags[index][$1]) }
    }
    let width = layout.numericWidth
    for (index, name) in layout.numeric.enumerated() {
      count(name, pairs) { x, y in
        let (first, second) = (a.numeric[x * width + index], b.numeric[y * width + index])
        // A number that went through text and back may end in another last digit.
        return (first - second).magnitude <= 1e-5 * max(1, first.magnitude)
      }
    }
    if layout.visual { count("image", pairs) { a.visualRows[$0] == b.visualRows[$1] } }
    if layout.visualHistory {
      count("images of the history", pairs) {
        a.visualHistory[$0].elementsEqual(b.visualHistory[$1])
      }
    }
  }

  private mutating func count(
    _ name: String, _ pairs: [(Int, Int)], _ isEqual: (Int, Int) -> Bool
  ) {
    let wrong = pairs.count { !isEqual($0.0, $0.1) }
    compared += pairs.count
    different += wrong
    byField[name, default: (0, 0)].different += wrong
    byField[name, default: (0, 0)].compared += pairs.count
  }

  /// Share of values that differ.
  var mismatch: Double { Double(different) / Double(max(compared, 1)) }

  /// The fields with a difference, the worst first.
  var fields: [DiagnosisReport.Replay.Mismatch] {
    byField.filter { $0.value.different > 0 }.map {
      .init(feature: $0.key, share: Double($0.value.different) / Double($0.value.compared))
    }.sorted { ($1.share, $0.feature) < ($0.share, $1.feature) }
  }
}
