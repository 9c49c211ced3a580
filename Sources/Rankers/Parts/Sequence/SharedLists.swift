package import RankingData

/// The histories of a batch, each kept once for the run of consecutive rows that share it.
///
/// The candidates of a request all have the user's history, so what a model makes of the history
/// alone is computed once for them. In training, where rows are shuffled, nearly every row has a list
/// of its own.
package struct SharedLists: Sendable {
  /// The rows that share each list.
  private let sharing: RowRuns
  /// List `i` is events `offsets[i] ..< offsets[i + 1]` of all lists end to end, oldest first.
  package let offsets: [Int32]
  /// How many seconds before the request each event was; -1 where that is unknown.
  package let ages: [Float]

  /// - Parameters:
  ///   - history: the bag of the history.
  ///   - beside: other bags that must agree too for rows to share a list.
  ///   - ages: of the history's events; empty where they are unknown.
  package init(_ history: Bag, beside: [Bag] = [], ages: [Float] = []) {
    precondition(
      ages.isEmpty || ages.count == history.values.count,
      "\(ages.count) ages for \(history.values.count) events")
    sharing = RowRuns(count: history.count) { row, previous in
      history[row] == history[previous] && beside.allSatisfy { $0[row] == $0[previous] }
        && (ages.isEmpty || ages[history.range(of: row)] == ages[history.range(of: previous)])
    }
    var offsets: [Int32] = [0]
    var kept: [Float] = []
    for row in sharing.heads {
      let range = history.range(of: Int(row))
      offsets.append(offsets[offsets.count - 1] + Int32(range.count))
      kept += ages.isEmpty ? ArraySlice(repeating: -1, count: range.count) : ages[range]
    }
    self.offsets = offsets
    self.ages = kept
  }

  /// `count` rows that all have one list of `events`.
  package init(rows count: Int, sharing events: Int) {
    sharing = RowRuns(count: count) { _, _ in true }
    offsets = count > 0 ? [0, Int32(events)] : [0]
    ages = [Float](repeating: -1, count: count > 0 ? events : 0)
  }

  /// The list of each row of the batch.
  package var rows: [Int32] { sharing.runs }
  /// The first row of the batch with each list.
  package var firstRows: [Int32] { sharing.heads }
  /// Number of lists.
  package var count: Int { firstRows.count }
  /// Events of all lists.
  package var eventCount: Int { Int(offsets[offsets.count - 1]) }

  /// The events of a list.
  package func events(of list: Int) -> Range<Int> {
    Int(offsets[list])..<Int(offsets[list + 1])
  }

  /// Every row with every event of its list, row by row. O(pairs).
  package var pairs: ListPairs { ListPairs(self) }
}

/// Rows of a batch beside the events of their lists.
package struct ListPairs: Sendable {
  /// The row of each pair.
  package private(set) var rows: [Int32] = []
  /// The event of each pair.
  package private(set) var events: [Int32] = []
  /// The pairs of row `i` are `offsets[i] ..< offsets[i + 1]`.
  package private(set) var offsets: [Int32] = [0]

  init(_ lists: SharedLists) {
    offsets.reserveCapacity(lists.rows.count + 1)
    for (row, list) in lists.rows.enumerated() {
      for event in lists.events(of: Int(list)) {
        rows.append(Int32(row))
        events.append(Int32(event))
      }
      offsets.append(Int32(events.count))
    }
  }
}
