/// For every impression, the items its user had responded to strictly before it. All histories are
/// ranges of one array of events, so they take two words a row however long they are.
struct Histories: Sendable {
  /// All positive impressions, by user, then time, then row.
  let rows: [Int32]
  /// Their item codes.
  let items: [Int32]
  /// Their times.
  let times: [Int64]
  private let starts: [Int32]
  private let ends: [Int32]

  /// No history for any of `count` rows.
  init(none count: Int) {
    rows = []
    items = []
    times = []
    starts = [Int32](repeating: 0, count: count)
    ends = starts
  }

  /// Collects the histories. O(n log n).
  init(
    users: Column<Int32>, userCount: Int, items: Column<Int32>, times: Column<Int64>,
    labels: Column<Float>
  ) {
    var starts = [Int32](repeating: 0, count: userCount + 1)
    for row in labels.indices where isPositive(labels[row]) { starts[Int(users[row]) + 1] += 1 }
    for user in 0..<userCount { starts[user + 1] += starts[user] }
    var next = starts
    var events = [Int32](repeating: 0, count: Int(starts[userCount]))
    for row in labels.indices where isPositive(labels[row]) {
      let user = Int(users[row])
      events[Int(next[user])] = Int32(row)
      next[user] += 1
    }
    for user in 0..<userCount {
      let range = Int(starts[user])..<Int(starts[user + 1])
      events[range].sort { a, b in
        times[Int(a)] != times[Int(b)] ? times[Int(a)] < times[Int(b)] : a < b
      }
    }
    let eventTimes = events.map { times[Int($0)] }
    var rowStarts = [Int32](repeating: 0, count: labels.count)
    var rowEnds = rowStarts
    for row in labels.indices {
      let user = Int(users[row])
      var low = Int(starts[user])
      var high = Int(starts[user + 1])
      rowStarts[row] = Int32(low)
      while low < high {
        let middle = (low + high) / 2
        if eventTimes[middle] < times[row] { low = middle + 1 } else { high = middle }
      }
      rowEnds[row] = Int32(low)
    }
    rows = events
    self.items = events.map { items[Int($0)] }
    self.times = eventTimes
    self.starts = rowStarts
    ends = rowEnds
  }

  /// The most recent events before a row, oldest first.
  func range(of row: Int, limit: Int) -> Range<Int> {
    max(Int(starts[row]), Int(ends[row]) - limit)..<Int(ends[row])
  }
}
