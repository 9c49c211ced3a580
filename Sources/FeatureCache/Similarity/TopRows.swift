/// The rows with the largest scores so far, best first; among equal ones the smaller key.
struct TopRows: Sendable {
  struct Entry: Sendable {
    let key: FeatureKey
    let score: Float

    func precedes(_ other: Entry) -> Bool {
      score > other.score || (score == other.score && key < other.key)
    }
  }

  let limit: Int
  private(set) var entries: [Entry] = []

  init(limit: Int) { self.limit = limit }

  var isFull: Bool { entries.count >= limit }

  /// Below this score no row gets in. Most rows end here.
  var threshold: Float { isFull ? entries.last?.score ?? .infinity : -.infinity }

  /// - Complexity: linear in `limit` for a row that gets in; of n rows in random order, about
  ///   limit · ln(n / limit) do.
  mutating func add(_ entry: Entry) {
    if isFull, let last = entries.last, !entry.precedes(last) { return }
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].precedes(entry) { low = middle + 1 } else { high = middle }
    }
    entries.insert(entry, at: low)
    if entries.count > limit { entries.removeLast() }
  }
}
