/// Draws items for one row at a time from a mixture of all items alike and items by popularity.
struct NegativeSampler {
  struct Draw {
    var item: Int32
    var donor: Int32
    var source: NegativeSource
  }

  private struct Pair: Hashable {
    var owner: Int32
    var item: Int32
  }

  /// After so many misses in a row there is hardly an item left.
  private static let attempts = 30

  private let log: ImpressionLog
  private let randomShare: Double
  private let popularity: PopularityDistribution
  /// Codes of the items that training rows show.
  private let known: [Int32]
  private let clicked: Set<Pair>
  private let shown: Set<Pair>
  /// Training rows by item, then by time; item `i` has those from `starts[i]` to `starts[i + 1]`.
  private let rowsByItem: [Int32]
  private let starts: [Int]

  init(_ log: ImpressionLog, _ plan: NegativePlan, rows: [Int32], training: [Int32]) {
    self.log = log
    randomShare = plan.random / max(plan.random + plan.popular, .leastNonzeroMagnitude)
    let items = log.items
    var starts = [Int](repeating: 0, count: items.values.count + 1)
    for row in training { starts[Int(items.codes[Int(row)]) + 1] += 1 }
    let counts = Array(starts.dropFirst())
    for item in counts.indices { starts[item + 1] += starts[item] }
    var next = starts
    var rowsByItem = [Int32](repeating: 0, count: training.count)
    let ordered = training.sorted {
      (log.timestamps[Int($0)], $0) < (log.timestamps[Int($1)], $1)
    }
    for row in ordered {
      let item = Int(items.codes[Int(row)])
      rowsByItem[next[item]] = row
      next[item] += 1
    }
    self.starts = starts
    self.rowsByItem = rowsByItem
    known = counts.indices.filter { counts[$0] > 0 }.map { Int32($0) }
    popularity = PopularityDistribution(counts: counts, exponent: plan.exponent)
    var clicked: Set<Pair> = []
    for row in rows + training where isPositive(log.labels[Int(row)]) {
      clicked.insert(Pair(owner: log.users.codes[Int(row)], item: items.codes[Int(row)]))
    }
    self.clicked = clicked
    shown = Set(
      rows.map { Pair(owner: log.requests.codes[Int($0)], item: items.codes[Int($0)]) })
  }

  var canDraw: Bool { !known.isEmpty }

  /// The probability of an item in one draw, before what is never drawn is left out.
  func probability(of item: Int) -> Double {
    let uniform = starts[item] < starts[item + 1] ? 1 / Double(known.count) : 0
    return randomShare * uniform + (1 - randomShare) * popularity.probabilities[item]
  }

  func draw(for row: Int32, not taken: Set<Int32>, _ random: inout SeededRandom) -> Draw? {
    let (user, request) = (log.users.codes[Int(row)], log.requests.codes[Int(row)])
    for _ in 0..<Self.attempts {
      let isRandom = random.uniform() < randomShare
      let item =
        isRandom
        ? known[Int.random(in: 0..<known.count, using: &random)] : Int32(popularity.draw(&random))
      guard !taken.contains(item), !clicked.contains(Pair(owner: user, item: item)),
        !shown.contains(Pair(owner: request, item: item)),
        let donor = lastRow(of: item, by: log.timestamps[Int(row)])
      else { continue }
      return Draw(item: item, donor: donor, source: isRandom ? .random : .popular)
    }
    return nil
  }

  /// The last training row that shows an item by a time.
  private func lastRow(of item: Int32, by time: Int64) -> Int32? {
    var (low, high) = (starts[Int(item)], starts[Int(item) + 1])
    let first = low
    while low < high {
      let middle = (low + high) / 2
      if log.timestamps[Int(rowsByItem[middle])] <= time { low = middle + 1 } else { high = middle }
    }
    return low > first ? rowsByItem[low - 1] : nil
  }
}
