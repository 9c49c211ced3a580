/// Fills a slate position by position: pins where they belong, and elsewhere what the diversifier
/// likes best of what the caps allow. Where they allow nothing, they give way, and that is noted.
///
/// Slots number the candidates: first those that the diversifier knows, in its order, then the
/// others in base order.
struct SlateFilling {
  /// The slot at each position, in order.
  private(set) var slots: [Int] = []
  /// What the rules could not have.
  private(set) var concessions: [SlateConcession] = []
  /// The first cap that kept each candidate from a position it was best for, with its kind.
  private(set) var heldBack: [Int: Int] = [:]

  private let length: Int
  /// Slots by the position they are pinned to.
  private(set) var pinned: [Int: Int]
  private let traces: Bool
  private var ledgers: [CapLedger]
  /// Slots that are neither taken nor pinned.
  private var open: [UInt8]
  private var allowed: [UInt8]
  private var openCount: Int
  /// Slots that the diversifier does not know; those before `firstOther` are taken.
  private var firstOther: Int
  private let known: Int

  /// - Parameters:
  ///   - pinned: Slots by position; positions lie within `length`.
  ///   - traces: Whether `heldBack` is filled.
  init(
    count: Int, length: Int, pinned: [Int: Int], ledgers: [CapLedger], known: Int, traces: Bool
  ) {
    self.length = length
    self.pinned = pinned
    self.ledgers = ledgers
    self.traces = traces
    open = [UInt8](repeating: 1, count: count)
    for (position, slot) in pinned {
      open[slot] = 0
      for index in self.ledgers.indices { self.ledgers[index].pin(slot, at: position) }
    }
    allowed = open
    openCount = count - pinned.count
    firstOther = known
    self.known = known
    slots.reserveCapacity(length)
  }

  /// Fills the slate. O(length · (candidates · (1 + caps) + window)) without a diversifier.
  mutating func fill(_ selection: inout some SlateSelection) {
    while slots.count < length {
      if let slot = pinned[slots.count] {
        noteConcessions(of: slot)
        take(slot, &selection)
      } else if openCount > 0, let slot = next(&selection) {
        take(slot, &selection)
      } else if !releasePins() {
        concessions.append(.short(positions: slots.count, wanted: length))
        return
      }
    }
  }

  /// Makes what is pinned further down a candidate like any other, rather than leave a hole above
  /// it where strict caps allow nothing else; false if nothing is.
  private mutating func releasePins() -> Bool {
    let ahead = pinned.filter { $0.key >= slots.count }
    guard !ahead.isEmpty else { return false }
    for (position, slot) in ahead {
      pinned[position] = nil
      open[slot] = 1
      openCount += 1
      for index in ledgers.indices { ledgers[index].clear(position) }
    }
    firstOther = known
    return true
  }

  private mutating func take(_ slot: Int, _ selection: inout some SlateSelection) {
    for index in ledgers.indices { ledgers[index].place(slot, at: slots.count) }
    if open[slot] != 0 {
      open[slot] = 0
      openCount -= 1
    }
    slots.append(slot)
    if slot < known { selection.take(slot) }
  }

  /// The best slot that the caps allow, each as strict as it can be: the last one gives way first.
  private mutating func next(_ selection: inout some SlateSelection) -> Int? {
    guard !ledgers.isEmpty else { return best(open, &selection) }
    var levels = ledgers.map { $0.levels[0] }
    if let slot = candidate(levels, &selection) { return slot }
    for cap in ledgers.indices.reversed() {
      for level in ledgers[cap].levels.dropFirst() {
        levels[cap] = level
        guard let slot = candidate(levels, &selection) else { continue }
        noteConcessions(of: slot)
        return slot
      }
    }
    return nil
  }

  /// The best slot under the given levels.
  private mutating func candidate(
    _ levels: [CategoryCap.Level], _ selection: inout some SlateSelection
  ) -> Int? {
    var restricts = false
    for cap in ledgers.indices where ledgers[cap].fill(at: slots.count, levels[cap]) {
      if !restricts { allowed = open }
      restricts = true
      let ledger = ledgers[cap]
      for slot in allowed.indices {
        let kind = ledger.kinds[slot]
        if kind >= 0, ledger.isFull[Int(kind)] { allowed[slot] = 0 }
      }
    }
    guard restricts else { return best(open, &selection) }
    let slot = best(allowed, &selection)
    if traces, let preferred = best(open, &selection), preferred != slot,
      heldBack[preferred] == nil
    {
      heldBack[preferred] = ledgers.firstIndex { ledger in
        let kind = ledger.kinds[preferred]
        return kind >= 0 && ledger.isFull[Int(kind)]
      }
    }
    return slot
  }

  private mutating func best(
    _ allowed: [UInt8], _ selection: inout some SlateSelection
  ) -> Int? {
    if let slot = selection.best(allowed) { return slot }
    while firstOther < open.count, open[firstOther] == 0 { firstOther += 1 }
    return (firstOther..<open.count).first { allowed[$0] != 0 }
  }

  /// Notes for every cap how weak it must be for a slot at the next position.
  private mutating func noteConcessions(of slot: Int) {
    for index in ledgers.indices {
      let level = ledgers[index].level(of: slot, at: slots.count)
      let cap = ledgers[index].cap
      guard ledgers[index].kinds[slot] >= 0, level != ledgers[index].levels.first else { continue }
      concessions.append(
        .relaxed(
          cap: index, by: cap.by, position: slots.count, most: level.most, window: level.window))
    }
  }
}
