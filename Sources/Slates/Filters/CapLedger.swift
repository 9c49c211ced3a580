import RankingData

/// Which kinds a cap leaves room for, while a slate is filled position by position.
struct CapLedger {
  let cap: CategoryCap
  /// The cap as declared, then ever weaker.
  let levels: [CategoryCap.Level]
  /// The kind of each candidate; -1 where it has none.
  let kinds: [Int32]
  /// The kind at each position; -1 where none is known yet. Pinned items stand here from the start.
  private var placed: [Int32]
  /// Whether a pinned item stands behind the position that is filled.
  private var lastPin = -1
  private var counts: [Int32]
  /// Kinds without room at the position asked about last.
  private(set) var isFull: [Bool]

  init(_ cap: CategoryCap, _ list: SlateList, _ candidates: [Int], length: Int) {
    self.cap = cap
    levels = cap.levels(length: length)
    var names: [String: Int32] = [:]
    if cap.by == CategoryCap.category {
      // The list has numbered its categories already.
      kinds = candidates.map { list.categoryCodes[$0] }
      placed = [Int32](repeating: -1, count: length)
      counts = [Int32](repeating: 0, count: list.distinctCategories.count)
      isFull = [Bool](repeating: false, count: counts.count)
      return
    }
    kinds = candidates.map { candidate in
      guard let kind = Self.kind(cap, list, candidate) else { return -1 }
      if let code = names[kind] { return code }
      let code = Int32(names.count)
      names[kind] = code
      return code
    }
    placed = [Int32](repeating: -1, count: length)
    counts = [Int32](repeating: 0, count: names.count)
    isFull = [Bool](repeating: false, count: names.count)
  }

  /// What a cap counts a candidate as.
  static func kind(_ cap: CategoryCap, _ list: SlateList, _ candidate: Int) -> String? {
    if cap.by == CategoryCap.category { return list.category(candidate) }
    return list.attributes.isEmpty ? nil : list.attributes[candidate][cap.by]?.identifier
  }

  mutating func pin(_ slot: Int, at position: Int) {
    placed[position] = kinds[slot]
    lastPin = max(lastPin, position)
  }

  mutating func clear(_ position: Int) { placed[position] = -1 }

  mutating func place(_ slot: Int, at position: Int) { placed[position] = kinds[slot] }

  /// Finds the kinds without room at a position; true if there are any. O(window + kinds).
  mutating func fill(at position: Int, _ level: CategoryCap.Level) -> Bool {
    for kind in isFull.indices { (isFull[kind], counts[kind]) = (false, 0) }
    var found = false
    func count(_ other: Int, _ change: Int32, _ ledger: inout Self) {
      guard other >= 0, other < ledger.placed.count, other != position else { return }
      let kind = Int(ledger.placed[other])
      guard kind >= 0 else { return }
      ledger.counts[kind] += change
      if ledger.counts[kind] >= level.most {
        ledger.isFull[kind] = true
        found = true
      }
    }
    for other in position - level.window + 1...position { count(other, 1, &self) }
    // Windows that reach beyond the position matter only where something stands there already.
    guard lastPin > position else { return found }
    for end in position + 1..<position + level.window {
      count(end - level.window, -1, &self)
      count(end, 1, &self)
    }
    return found
  }

  /// The weakest demand that a placed item meets, from the cap as declared downwards.
  mutating func level(of slot: Int, at position: Int) -> CategoryCap.Level {
    let kind = kinds[slot]
    guard kind >= 0, let first = levels.first else { return CategoryCap.Level(most: 1, window: 1) }
    for level in levels where !fill(at: position, level) || !isFull[Int(kind)] { return level }
    // Only pins get here: they stand where they stand, and say how many there are.
    var level = first
    repeat { level.most += 1 } while fill(at: position, level) && isFull[Int(kind)]
    return level
  }
}
