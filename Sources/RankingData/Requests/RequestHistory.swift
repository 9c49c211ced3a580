/// What a user responded to strictly before a request, oldest first.
struct RequestHistory {
  private(set) var entries: [HistoryEntry] = []
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
    self.entries = entries
    ages = entries.map { entry in
      TimedList.age(entry.timestamp.map { Double($0) } ?? .nan, before: now)
    }
  }
}

extension RequestRows {
  /// What a past item was in a column: as its entry says, else as the catalogue does.
  func value(_ name: String, of entry: HistoryEntry) -> String {
    if name == schema.item { return entry.id }
    if name == "category", let category = entry.category { return category }
    if let own = entry.features[name] { return own.identifier ?? "" }
    return catalogue?.value(name, of: entry.id) ?? ""
  }
}
