/// The counts of all levels while a log is walked through in order of time.
struct CounterState {
  let field: CounterField
  private var keys: [KeyNumbers]
  private var counts: [[DecayedCounts]]
  /// Undecayed, for the priors: how far rates lie apart does not depend on what was forgotten.
  private var totals: [[RateCounts]]
  private(set) var priors: [BetaPrior]
  /// The tables that new keys are looked up in, where nothing is learnt on the way.
  private let frozen: [CounterLevel]?
  private var scratch: [RateCounts] = []

  init(
    _ log: ImpressionLog, _ field: CounterField, _ buckets: [Buckets],
    frozen: [CounterLevel]? = nil
  ) throws(RankingDataError) {
    self.field = field
    self.frozen = frozen
    var keys: [KeyNumbers] = []
    for columns in field.levels { keys.append(try KeyNumbers(log, columns, buckets)) }
    self.keys = keys
    counts = keys.map { _ in [] }
    totals = keys.map { _ in [] }
    let prior = if case .fixed(let prior) = field.smoothing { prior } else { BetaPrior.vague }
    priors = frozen?.map(\.prior) ?? keys.map { _ in prior }
  }

  /// The number of a row's key at a level, and a place for its counts.
  private mutating func key(_ row: Int32, _ level: Int) -> Int {
    let key = Int(keys[level].number(row))
    if key == counts[level].count {
      let known = frozen.map { $0[level].counts(of: id(key, level)) }
      counts[level].append(known ?? DecayedCounts())
      totals[level].append(RateCounts())
    }
    return key
  }

  private func id(_ key: Int, _ level: Int) -> String? {
    CounterLevel.id(keys[level].parts(of: Int32(key)))
  }

  /// Counts a training row.
  mutating func add(_ row: Int32, isPositive: Bool, at now: Double) {
    for level in keys.indices {
      let key = key(row, level)
      if key < 0 { continue }
      counts[level][key].add(isPositive: isPositive, at: now, halfLife: field.halfLife)
      totals[level][key].impressions += 1
      if isPositive { totals[level][key].positives += 1 }
    }
  }

  /// Fits the priors to what was counted so far. The coarsest level of several is a single rate and
  /// shares the prior of the finest.
  mutating func fitPriors() {
    guard case .beta = field.smoothing else { return }
    for level in priors.indices where level == 0 || level < priors.count - 1 {
      // Two numbers are known well from ten thousand keys, and their last digits change nothing.
      let every = max(1, totals[level].count / 10_000)
      let sample = stride(from: 0, to: totals[level].count, by: every).map { totals[level][$0] }
      priors[level] = BetaPrior(fittedTo: sample, tolerance: 1e-4)
    }
    if priors.count > 1 { priors[priors.count - 1] = priors[0] }
  }

  /// The numbers for a row, from what was counted so far.
  mutating func outputs(for row: Int32, at now: Double, into outputs: inout [Double]) {
    scratch.removeAll(keepingCapacity: true)
    for level in keys.indices {
      let key = key(row, level)
      scratch.append(
        key < 0 ? RateCounts() : counts[level][key].counts(at: now, halfLife: field.halfLife))
    }
    field.outputs(of: scratch, priors: priors, into: &outputs)
  }

  /// What was counted, as tables.
  func levels() -> [CounterLevel] {
    keys.indices.map { level in
      var table: [String: DecayedCounts] = [:]
      for (key, counts) in counts[level].enumerated() where counts.counts.impressions > 0 {
        if let id = id(key, level) { table[id] = counts }
      }
      return CounterLevel(columns: field.levels[level], prior: priors[level], counts: table)
    }
  }
}
