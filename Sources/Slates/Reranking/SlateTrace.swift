/// What happened while one slate was arranged: enough to say of every item why it stands there.
struct SlateTrace {
  let list: SlateList
  /// Candidates by slot, in the model's order.
  let ranking: [Int]
  let filling: SlateFilling
  let selection: any SlateSelection
  /// Slots that the diversifier knew.
  let known: Int
  let hasModel: Bool
  let rules: SlateRules

  /// - Parameter rank: Position in the slate, from 0.
  func explanation(of slot: Int, at rank: Int) -> SlateExplanation {
    let nearest = slot < known ? selection.nearest(slot) : nil
    let candidate = ranking[slot]
    return SlateExplanation(
      rankBefore: candidate, rankByModel: hasModel ? slot : candidate, rankAfter: rank,
      nearest: nearest.map { list.ids[ranking[$0.candidate]] }, similarity: nearest?.similarity,
      rule: rule(slot, rank))
  }

  private func rule(_ slot: Int, _ rank: Int) -> String? {
    if filling.pinned[rank] == slot { return "pinned to position \(rank)" }
    guard let cap = filling.heldBack[slot],
      let kind = CapLedger.kind(rules.caps[cap], list, ranking[slot])
    else { return nil }
    return rules.caps[cap].text(kind)
  }
}
