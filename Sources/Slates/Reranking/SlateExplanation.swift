/// Why one item of a slate stands where it stands.
public struct SlateExplanation: Sendable, Hashable, Codable {
  /// Position in the base order, from 0.
  public var rankBefore: Int
  /// Position after the slate model and before diversification; equal to `rankBefore` without a
  /// model.
  public var rankByModel: Int
  /// Position in the slate, from 0.
  public var rankAfter: Int
  /// Id of the item above it that it resembles most, when the slate was diversified.
  public var nearest: String?
  /// That similarity, at most 1.
  public var similarity: Double?
  /// The rule that moved it, in words.
  public var rule: String?

  /// Creates an explanation.
  public init(
    rankBefore: Int, rankByModel: Int, rankAfter: Int, nearest: String? = nil,
    similarity: Double? = nil, rule: String? = nil
  ) {
    self.rankBefore = rankBefore
    self.rankByModel = rankByModel
    self.rankAfter = rankAfter
    self.nearest = nearest
    self.similarity = similarity
    self.rule = rule
  }

  /// One sentence for people.
  public var text: String {
    let byModel = rankBefore - rankByModel
    let byOthers = rankByModel - rankAfter
    if let rule { return "\(Self.moved(byModel + byOthers)): \(rule)" }
    switch (byModel, byOthers) {
    case (0, 0):
      return "kept its place"
    case (_, 0):
      return byModel > 0
        ? "\(Self.moved(byModel)): the slate model prefers it here, given the items above"
        : "\(Self.moved(byModel)): the slate model prefers the items above"
    case (0, _):
      return "\(Self.moved(byOthers)): \(diversity(byOthers))"
    default:
      return "\(Self.moved(byModel + byOthers)): slate model \(Self.signed(byModel)),"
        + " \(isDiversified ? "diversity" : "rules") \(Self.signed(byOthers)), \(diversity(byOthers))"
    }
  }

  private var isDiversified: Bool { nearest != nil }

  private func diversity(_ change: Int) -> String {
    guard let nearest, let similarity else {
      return change > 0
        ? "items above it left or wait" : "passed by items that suit the slate better"
    }
    let measure = "similarity \((similarity * 100).rounded() / 100)"
    return change > 0
      ? "more different from the items above than those it passed (closest “\(nearest)”, \(measure))"
      : "similar to “\(nearest)” above (\(measure))"
  }

  private static func moved(_ change: Int) -> String {
    change == 0 ? "kept its place" : "moved \(change > 0 ? "up" : "down") \(abs(change))"
  }

  private static func signed(_ change: Int) -> String { change > 0 ? "+\(change)" : "\(change)" }
}
