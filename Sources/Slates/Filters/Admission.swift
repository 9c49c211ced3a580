import RankingData

/// Who of a list takes part: what is eligible and shows something new, and who is pinned where.
struct Admission {
  /// Candidates that take part, in base order.
  private(set) var candidates: [Int]
  /// Who left, in base order.
  private(set) var removals: [SlateRemoval]
  /// Candidates that stand at a position of their own.
  private(set) var pinned: [(position: Int, candidate: Int)] = []
  /// Every position that someone asked for.
  let pins: [SlateRules.Pin]

  /// - Parameters:
  ///   - history: Ids of the items that the user has, where the rules ask.
  ///   - centre: Subtracted from visual vectors before they are compared.
  /// - Throws: `SlateError.visualNotFinite`.
  init(
    _ rules: SlateRules, _ list: SlateList, history: Set<String>, centre: [Float]?
  ) throws(SlateError) {
    var (eligible, removals) = (Array(0..<list.count), [SlateRemoval]())
    if !rules.eligibility.isEmpty {
      eligible.removeAll { candidate in
        guard let reason = rules.eligibility.reason(list, candidate, history: history) else {
          return false
        }
        removals.append(Self.removal(list, candidate, reason))
        return true
      }
    }
    pins = rules.pins(of: list, eligible)
    (candidates, self.removals) = (eligible, removals)
    for pin in pins {
      if let candidate = candidates.first(where: { list.ids[$0] == pin.item }) {
        pinned.append((pin.position, candidate))
      }
    }
    guard let duplicates = rules.nearDuplicates else { return }
    let (kept, copies) = try duplicates.part(
      list, candidates, keepingFirst: Set(pinned.map(\.candidate)), centre: centre)
    candidates = kept
    self.removals += copies.map { Self.removal(list, $0.candidate, $0.reason) }
    self.removals.sort { $0.rankBefore < $1.rankBefore }
  }

  private static func removal(
    _ list: SlateList, _ candidate: Int, _ reason: SlateRemoval.Reason
  ) -> SlateRemoval {
    SlateRemoval(
      position: list.positions[candidate], rankBefore: candidate, reason: reason)
  }
}
