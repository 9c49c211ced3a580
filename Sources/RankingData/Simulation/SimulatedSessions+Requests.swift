extension SimulatedSessions {
  /// The logged sessions from a time on, as requests to a ranker: candidates in the order shown,
  /// each with its category and price, and the user's earlier clicks as history.
  ///
  /// - Parameters:
  ///   - time: seconds since 1970 of the first session wanted.
  ///   - historyLimit: the most recent clicks kept.
  public func requests(from time: Int64 = .min, historyLimit: Int = 50) -> [RankingRequest] {
    let items = Dictionary(
      zip(world.items.map(\.id), world.items), uniquingKeysWith: { first, _ in first })
    var histories: [String: [HistoryEntry]] = [:]
    var requests: [RankingRequest] = []
    for session in sessions {
      // A click in the same second may come from another window: it is not earlier.
      let earlier = histories[session.user, default: []].filter {
        $0.timestamp.map { $0 < session.timestamp } ?? false
      }
      if session.timestamp >= time {
        requests.append(
          RankingRequest(
            id: session.id, user: session.user, timestamp: session.timestamp,
            context: ["device": .text(session.device)],
            history: Array(earlier.suffix(historyLimit)),
            items: session.items.map { candidate($0, items[$0]) }))
      }
      let clicked = zip(session.items, session.clicks).filter(\.1).map(\.0)
      histories[session.user, default: []] += clicked.map {
        HistoryEntry(id: $0, timestamp: session.timestamp)
      }
    }
    return requests
  }

  private func candidate(_ id: String, _ item: SimulatedWorld.Item?) -> Candidate {
    guard let item else { return Candidate(id: id) }
    return Candidate(
      id: id, category: world.categories[item.category], features: ["price": .number(item.price)])
  }
}
