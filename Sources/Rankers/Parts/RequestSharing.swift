package import RankingData

/// Which fields hold the same value in all rows of each request of a batch: those of the user and the
/// context. What depends on them alone is worked out once for a request.
package struct RequestSharing: Sendable {
  /// The rows of each request.
  package let rows: RowRuns
  /// For each categorical field.
  package let categorical: [Bool]
  /// For each multi-valued field.
  package let bags: [Bool]
  /// For each numeric column.
  package let numeric: [Bool]
  /// For the images of the history.
  package let imageHistory: Bool

  /// Compares each row with the one before it; O(count · fields + ids in lists). Nil where requests
  /// are so small, or so little is shared, that nothing is gained.
  package init?(_ batch: RankingBatch) {
    let requests = batch.requests
    let rows = RowRuns(count: batch.count) { requests[$0] == requests[$1] }
    guard batch.count > 0, rows.heads.count * 4 <= batch.count else { return nil }
    let runs = rows.runs
    /// Whether two neighbours of one request never differ.
    func isShared(_ agrees: (_ row: Int, _ previous: Int) -> Bool) -> Bool {
      (1..<runs.count).allSatisfy { runs[$0] != runs[$0 - 1] || agrees($0, $0 - 1) }
    }
    categorical = batch.categorical.map { column in isShared { column[$0] == column[$1] } }
    bags = batch.bags.map { bag in isShared { bag[$0] == bag[$1] } }
    let width = batch.numericWidth
    numeric = (0..<width).map { column in
      isShared { batch.numeric[$0 * width + column] == batch.numeric[$1 * width + column] }
    }
    let images = batch.visualHistory
    imageHistory = images.count == batch.count && isShared { images[$0] == images[$1] }
    self.rows = rows
    guard
      imageHistory || categorical.contains(true) || bags.contains(true) || numeric.contains(true)
    else { return nil }
  }
}

extension [Bool] {
  /// The longest ranges of equal values, in order.
  package var ranges: [(range: Range<Int>, value: Bool)] {
    var found: [(range: Range<Int>, value: Bool)] = []
    for (place, value) in enumerated() {
      if let last = found.last, last.value == value {
        found[found.count - 1].range = last.range.lowerBound..<place + 1
      } else {
        found.append((place..<place + 1, value))
      }
    }
    return found
  }
}
