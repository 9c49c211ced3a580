/// Cascade model: a user reads from the top and stops at the first click (Craswell et al., WSDM
/// 2008).
public struct CascadeModel: Sendable, Hashable, Codable {
  /// How likely each item is clicked once it is looked at.
  public var attractiveness: [Double]

  /// Creates a model.
  public init(attractiveness: [Double]) { self.attractiveness = attractiveness }

  /// The exact maximum of the likelihood, slightly smoothed: clicks over impressions down to the
  /// first click. Later clicks, which the model rules out, are not looked at. O(impressions).
  /// - Throws: `EvaluationError` for no sessions or an item number out of range.
  package static func fit(_ sessions: [ClickSession], items: Int) throws(EvaluationError)
    -> CascadeModel
  {
    try check(sessions, items: items)
    var likes = [SuccessRate](repeating: SuccessRate(), count: items)
    for session in sessions {
      for (item, clicked) in zip(session.items, session.clicks) {
        likes[Int(item)].add(clicked ? 1 : 0)
        if clicked { break }
      }
    }
    return CascadeModel(attractiveness: likes.map(\.smoothed))
  }

  /// The probability of a click at each position of a list.
  public func clicks(_ items: [Int32]) -> [Double] {
    var reached = 1.0
    return items.map { item in
      let click = reached * attractiveness[Int(item)]
      reached -= click
      return click
    }
  }
}
