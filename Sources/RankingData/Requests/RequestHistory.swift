/// What a user responded to strictly before a request, oldest first.
struct RequestHistory {
  private(set) var ids: [String] = []
  /// Seconds before the request; -1 where that is unknown.
  private(set) var ages: [Float] = []

  /// Without times on all sides the given order stands, taken as oldest first.
  init(_ request: RankingRequest) {
    var entries = request.history
    let now = request.timestamp.map { Double($0) } ?? .nan
    if let time = request.timestamp {
      entries.removeAll { entry in entry.timestamp.map { $0 >= time } ?? false }
    }
    let times = entries.compactMap(\.timestamp)
    if times.count == entries.count {
      let order = entries.indices.sorted { (times[$0], $0) < (times[$1], $1) }
      entries = order.map { entries[$0] }
    }
    ids = entries.map(\.id)
    ages = entries.map { entry in
      TimedList.age(entry.timestamp.map { Double($0) } ?? .nan, before: now)
    }
  }
}
