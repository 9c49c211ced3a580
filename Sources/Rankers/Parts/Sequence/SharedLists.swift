package import RankingData

/// The histories of a batch, each kept once for the run of consecutive rows that share it.
///
/// The candidates of a request all have the user's history, so what a model makes of the history
/// alone is computed once for them. In training, where rows are shuffled, nearly every row has a list
/// of its own.
package struct SharedLists: Sendable {
  /// List `i` is events `offsets[i] ..< offsets[i + 1]` of all lists end to end, oldest first.
  package let offsets: [Int32]
  /// The list of each row of the batch.
  package let rows: [Int32]
  /// The first row of the batch with each list.
  package let firstRows: [Int32]
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
    var offsets: [Int32] = [0]
    var rows: [Int32] = []
    var firstRows: [Int32] = []
    var kept: [Float] = []
    rows.reserveCapacity(history.count)
    for row in 0..<history.count {
      let range = history.range(of: row)
      if row > 0, Self.agree(history, row), beside.allSatisfy({ Self.agree($0, row) }),
        ages.isEmpty || ages[range].elementsEqual(ages[history.range(of: row - 1)])
      {
        rows.append(rows[row - 1])
        continue
      }
      rows.append(Int32(firstRows.count))
      firstRows.append(Int32(row))
      offsets.append(offsets[offsets.count - 1] + Int32(range.count))
      kept += ages.isEmpty ? ArraySlice(repeating: -1, count: range.count) : ages[range]
    }
    self.offsets = offsets
    self.rows = rows
    self.firstRows = firstRows
    self.ages = kept
  }

  /// `count` rows that all have one list of `events`.
  package init(rows count: Int, sharing events: Int) {
    offsets = [0, Int32(events)]
    rows = [Int32](repeating: 0, count: count)
    firstRows = [0]
    ages = [Float](repeating: -1, count: events)
  }

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

  private static func agree(_ bag: Bag, _ row: Int) -> Bool {
    bag[row].elementsEqual(bag[row - 1])
  }
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
