/// Counts training rows in order of time, and tells rows what was known strictly before them.
struct CounterPass {
  let log: ImpressionLog
  let field: CounterField
  let buckets: [Buckets]

  /// Parts that rows without times are dealt into.
  private static let folds = 5
  /// The least number of rows that a prior is fitted to.
  private static let leastRows = 64

  /// The numbers of some rows, and the tables after all training rows.
  /// - Parameter body: takes a row and its numbers.
  func run(
    training: [Int32], rows: [Int32], _ body: (Int32, [Double]) -> Void
  ) throws(RankingDataError) -> [CounterLevel] {
    log.schema.timestamp == nil
      ? try outOfFold(training, rows, body) : try inOrder(training, rows, body)
  }

  /// A row knows the training rows of strictly earlier requests. Priors are fitted whenever the
  /// training rows have doubled, so they know nothing later either. O(n log n).
  private func inOrder(
    _ training: [Int32], _ rows: [Int32], _ body: (Int32, [Double]) -> Void
  ) throws(RankingDataError) -> [CounterLevel] {
    var state = try CounterState(log, field, buckets)
    let times = log.timestamps
    let events = byTime(training)
    var outputs: [Double] = []
    var next = 0
    var goal = Self.leastRows
    func learn(_ state: inout CounterState, before time: Int64?) {
      while next < events.count {
        let row = events[next]
        let now = times[Int(row)]
        if let time, now >= time { return }
        state.add(row, isPositive: isPositive(log.labels[Int(row)]), at: Double(now))
        next += 1
        // Only between moments, or the order of rows within one would matter.
        let isMoment = next == events.count || times[Int(events[next])] > now
        if isMoment, next >= goal || next == events.count {
          state.fitPriors()
          goal = 2 * next
        }
      }
    }
    for row in byTime(rows) {
      let now = times[Int(row)]
      learn(&state, before: now)
      state.outputs(for: row, at: Double(now), into: &outputs)
      body(row, outputs)
    }
    learn(&state, before: nil)
    return state.levels()
  }

  private func byTime(_ rows: [Int32]) -> [Int32] {
    let times = log.timestamps
    return rows.sorted { a, b in
      times[Int(a)] != times[Int(b)] ? times[Int(a)] < times[Int(b)] : a < b
    }
  }

  /// Without times a training row knows the training rows of other requests: those that a hash deals
  /// into the other folds. Any other row knows all of them. O(n · folds).
  private func outOfFold(
    _ training: [Int32], _ rows: [Int32], _ body: (Int32, [Double]) -> Void
  ) throws(RankingDataError) -> [CounterLevel] {
    let foldOfRequest = log.requests.values.map {
      StableHash.place(StableHash.hash($0), in: Self.folds)
    }
    var foldOfRow = [Int](repeating: Self.folds, count: log.count)
    for row in training { foldOfRow[Int(row)] = foldOfRequest[Int(log.requests.codes[Int(row)])] }
    var outputs: [Double] = []
    var levels: [CounterLevel] = []
    // The last round leaves no fold out: no training row is in it.
    for fold in 0...Self.folds {
      var state = try CounterState(log, field, buckets)
      for row in training where foldOfRow[Int(row)] != fold {
        state.add(row, isPositive: isPositive(log.labels[Int(row)]), at: 0)
      }
      state.fitPriors()
      for row in rows where foldOfRow[Int(row)] == fold {
        state.outputs(for: row, at: 0, into: &outputs)
        body(row, outputs)
      }
      levels = state.levels()
    }
    return levels
  }

  /// The numbers that a request would be told in the place of each row.
  func asServed(
    _ counter: CounterTransform, _ body: (Int32, [Double]) -> Void
  ) throws(RankingDataError) {
    var state = try CounterState(log, field, buckets, frozen: counter.levels)
    var outputs: [Double] = []
    for row in 0..<Int32(log.count) {
      let now = log.schema.timestamp == nil ? counter.end : Double(log.timestamps[Int(row)])
      state.outputs(for: row, at: now, into: &outputs)
      body(row, outputs)
    }
  }
}
