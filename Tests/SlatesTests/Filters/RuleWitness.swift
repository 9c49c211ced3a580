import RankingData
import Slates

/// Judges a slate by the words of the rules alone; shares no code with what fills slates.
struct RuleWitness {
  let list: SlateList
  let rules: SlateRules
  let history: [HistoryEntry]
  let slate: Slate
  let top: Int

  private var shown: [Int] { slate.placements.map(\.rankBefore) }

  /// What is wrong; empty when all is well.
  var complaints: [String] {
    var complaints: [String] = []
    if Set(shown).count != shown.count { complaints.append("an item is shown twice") }
    let removed = Set(slate.removals.map(\.rankBefore))
    if !removed.isDisjoint(with: shown) { complaints.append("a removed item is shown") }
    for candidate in 0..<list.count {
      if isEligible(candidate) {
        if removed.contains(candidate), !isCopy(candidate) {
          complaints.append("\(candidate) was removed without reason")
        }
      } else if !removed.contains(candidate) {
        complaints.append("\(candidate) is not eligible and was not removed")
      }
    }
    complaints += copies + length + caps + pins
    return complaints
  }

  private func attribute(_ candidate: Int, _ name: String) -> FeatureValue? {
    list.attributes[candidate][name]
  }

  private func isEligible(_ candidate: Int) -> Bool {
    let id = list.ids[candidate]
    let rules = rules.eligibility
    if rules.blocked.contains(id) { return false }
    if let category = list.category(candidate), rules.blockedCategories.contains(category) {
      return false
    }
    if rules.excludeHistory, history.contains(where: { $0.id == id }) { return false }
    for (name, legal) in rules.require {
      guard case .text(let value)? = attribute(candidate, name), legal.contains(value) else {
        return false
      }
    }
    for (name, illegal) in rules.forbid {
      if case .text(let value)? = attribute(candidate, name), illegal.contains(value) {
        return false
      }
    }
    for cap in rules.frequency {
      if case .number(let times)? = attribute(candidate, cap.feature), times >= Double(cap.most) {
        return false
      }
    }
    return true
  }

  /// Cosine of two images less the mean of the table, in double precision.
  private func cosine(_ a: Int, _ b: Int) -> Double {
    let table = list.visuals
    func centred(_ candidate: Int) -> [Double] {
      (0..<table.width).map { k in
        let mean =
          table.count < 2
          ? 0
          : (0..<table.count).reduce(0.0) { $0 + Double(table.vectors[$1 * table.width + k]) }
            / Double(table.count)
        return Double(table.vectors[Int(list.visualRows[candidate]) * table.width + k]) - mean
      }
    }
    let (x, y) = (centred(a), centred(b))
    func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    let lengths = (dot(x, x) * dot(y, y)).squareRoot()
    return lengths > 0 ? dot(x, y) / lengths : 0
  }

  /// `margin` widens or narrows what counts as a copy, since the library computes in `Float`.
  private func resemble(_ a: Int, _ b: Int, margin: Double) -> Bool {
    guard let rule = rules.nearDuplicates else { return false }
    if let name = rule.product, let product = attribute(a, name), product == attribute(b, name) {
      return true
    }
    return rule.cosine.map { cosine(a, b) >= $0 + margin } ?? false
  }

  private func isCopy(_ candidate: Int) -> Bool {
    (0..<list.count).contains { other in
      other != candidate && resemble(candidate, other, margin: -1e-4)
        && !slate.removals.contains { $0.rankBefore == other }
    }
  }

  private var isPinned: Set<String> {
    var pinned = Set(rules.pins.map(\.item))
    if let feature = rules.pinFeature {
      for candidate in 0..<list.count where attribute(candidate, feature) != nil {
        pinned.insert(list.ids[candidate])
      }
    }
    return pinned
  }

  /// Shown items that are copies of each other, unless both are pinned.
  private var copies: [String] {
    var complaints: [String] = []
    for (rank, a) in shown.enumerated() {
      for b in shown[(rank + 1)...] where resemble(a, b, margin: 1e-4) {
        if isPinned.contains(list.ids[a]), isPinned.contains(list.ids[b]) { continue }
        complaints.append("\(a) and \(b) are near-duplicates")
      }
    }
    return complaints
  }

  /// Full, unless strict caps ended it.
  private var length: [String] {
    let wanted = min(top, list.count - slate.removals.count)
    if shown.count == wanted { return [] }
    let isStrict = rules.caps.contains { $0.relax != [.window, .cap] && !$0.relax.contains(.cap) }
    let isNoted = slate.concessions.contains {
      if case .short = $0 { true } else { false }
    }
    return shown.count < wanted && isStrict && isNoted
      ? [] : ["\(shown.count) positions instead of \(wanted)"]
  }

  private var caps: [String] {
    var complaints: [String] = []
    for (index, cap) in rules.caps.enumerated() {
      func kind(_ candidate: Int) -> String? {
        if cap.by == "category" { return list.category(candidate) }
        if case .text(let value)? = attribute(candidate, cap.by) { return value }
        return nil
      }
      // Every run of positions that is at most as long as the window.
      for last in shown.indices {
        let first = max(0, last + 1 - (cap.window ?? shown.count))
        let kinds = (first...last).compactMap { kind(shown[$0]) }
        for name in Set(kinds) where kinds.count(where: { $0 == name }) > cap.most {
          let isNoted = slate.concessions.contains { concession in
            if case .relaxed(index, _, let position, _, _) = concession {
              return (first...last).contains(position)
            }
            return false
          }
          if !isNoted { complaints.append("cap \(index) is broken in \(first)...\(last)") }
        }
      }
    }
    return complaints
  }

  private var pins: [String] {
    rules.pins.compactMap { pin in
      let stands =
        shown.indices.contains(pin.position) && list.ids[shown[pin.position]] == pin.item
      let isNoted = slate.concessions.contains(
        .unpinned(item: pin.item, position: pin.position))
      if stands != isNoted { return nil }
      return "pin of \(pin.item) to \(pin.position)"
    }
  }
}
