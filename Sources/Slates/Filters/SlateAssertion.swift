import RankingData

/// Reads a finished slate and checks every rule again, in another way than it was filled: nothing
/// that breaks a rule leaves, whatever went wrong before.
struct SlateAssertion {
  let rules: SlateRules
  let list: SlateList
  let pins: [SlateRules.Pin]
  let history: Set<String>
  let centre: [Float]?
  /// Positions in the slate that were asked for.
  let length: Int

  /// Throws `SlateError.ruleBroken` for the first rule that is neither kept nor among the
  /// concessions. O(length · (rules + window)).
  func check(_ candidates: [Int], _ concessions: [SlateConcession]) throws(SlateError) {
    func fail(_ rule: String) -> SlateError { .ruleBroken(list: list.id, rule: rule) }
    guard candidates.count <= length, Set(candidates).count == candidates.count,
      candidates.allSatisfy(list.ids.indices.contains)
    else { throw fail("a slate shows each candidate once and is not longer than asked for") }
    for candidate in candidates {
      if let reason = rules.eligibility.reason(list, candidate, history: history) {
        throw fail("“\(list.ids[candidate])” is not eligible: \(reason)")
      }
    }
    for pin in pins where !concessions.contains(.unpinned(item: pin.item, position: pin.position)) {
      guard candidates.indices.contains(pin.position),
        list.ids[candidates[pin.position]] == pin.item
      else { throw fail("“\(pin.item)” is pinned to position \(pin.position)") }
    }
    for (index, cap) in rules.caps.enumerated() {
      let relaxed = concessions.compactMap { concession -> Int? in
        guard case .relaxed(index, _, let position, _, _) = concession else { return nil }
        return position
      }
      let kinds = candidates.map { CapLedger.kind(cap, list, $0) }
      let window = min(cap.window ?? length, candidates.count)
      for start in 0..<max(candidates.count - window + 1, 0) {
        let range = start..<start + window
        let counts = Dictionary(grouping: kinds[range].compactMap { $0 }, by: { $0 })
        guard let (kind, _) = counts.first(where: { $0.value.count > cap.most }) else { continue }
        if !relaxed.contains(where: range.contains) {
          throw fail("positions \(range) hold more than \(cap.text(kind))")
        }
      }
    }
  }
}
