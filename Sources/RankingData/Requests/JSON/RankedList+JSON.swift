extension RankedList: JSONLine {
  /// Reads a ranked list or slate. Unknown keys are skipped.
  public static func parse(_ cursor: inout JSONCursor) throws(RankingDataError) -> RankedList {
    try cursor.scanner.rankedList()
  }

  /// Appends the list, keys in the documented order.
  public func write(_ sink: inout JSONSink) throws(RankingDataError) {
    try sink.text.object { (text) throws(RankingDataError) in
      text.key("id")
      text.string(id)
      try text.rankedItems(items, "items")
      if let removed, !removed.isEmpty { try text.rankedItems(removed, "removed") }
      if let concessions, !concessions.isEmpty {
        text.key("concessions")
        try text.array { (text) throws(RankingDataError) in
          for concession in concessions { text.string(concession) }
        }
      }
    }
  }
}

extension JSONText {
  fileprivate mutating func rankedItems(
    _ items: [RankedItem], _ name: String
  ) throws(RankingDataError) {
    key(name)
    try array { (text) throws(RankingDataError) in
      for item in items { try text.rankedItem(item) }
    }
  }

  fileprivate mutating func rankedItem(_ item: RankedItem) throws(RankingDataError) {
    try object { (text) throws(RankingDataError) in
      text.key("id")
      text.string(item.id)
      text.key("index")
      text.integer(item.index)
      text.key("score")
      try text.number(item.score, "the score of \"\(item.id)\"")
      if let category = item.category {
        text.key("category")
        text.string(category)
      }
      if let rank = item.rankBefore {
        text.key("rank_before")
        text.integer(rank)
      }
      if let tasks = item.tasks {
        text.key("tasks")
        try text.object { (text) throws(RankingDataError) in
          for (name, probability) in tasks.sorted(by: { $0.key < $1.key }) {
            text.key(name)
            try text.number(probability, "the probability of \"\(name)\"")
          }
        }
      }
      if let reason = item.reason {
        text.key("reason")
        text.string(reason)
      }
    }
  }
}

extension JSONScanner {
  fileprivate mutating func rankedList() throws(RankingDataError) -> RankedList {
    _ = peek()
    let begin = position
    var id: String?
    var items: [RankedItem]?
    var list = RankedList(id: "", items: [])
    var otherKeys: [String] = []
    try object("a ranked list") { (scanner, key) throws(RankingDataError) in
      switch key {
      case "id": id = try scanner.identifier("the list's \"id\"")
      case "items": items = try scanner.rankedItems("\"items\"")
      case _ where scanner.takeNull(): break
      case "removed": list.removed = try scanner.rankedItems("\"removed\"")
      case "concessions":
        var concessions: [String] = []
        try scanner.array("\"concessions\"") { (scanner) throws(RankingDataError) in
          concessions.append(try scanner.string("a concession"))
        }
        list.concessions = concessions
      default:
        otherKeys.append(key)
        try scanner.skip()
      }
    }
    guard let id else { throw missing("id", "The list", begin, otherKeys) }
    guard let items else { throw missing("items", "The list \"\(id)\"", begin, otherKeys) }
    list.id = id
    list.items = items
    return list
  }

  private mutating func rankedItems(_ what: String) throws(RankingDataError) -> [RankedItem] {
    var items: [RankedItem] = []
    var seen: Set<String> = []
    try array(what) { (scanner) throws(RankingDataError) in
      _ = scanner.peek()
      let begin = scanner.position
      let item = try scanner.rankedItem(items.count)
      guard seen.insert(item.id).inserted else {
        throw scanner.repeated(item.id, "the list", at: begin)
      }
      items.append(item)
    }
    return items
  }

  private mutating func rankedItem(_ place: Int) throws(RankingDataError) -> RankedItem {
    _ = peek()
    let begin = position
    var id: String?
    var score: Double?
    var item = RankedItem(id: "", index: place, score: 0)
    var otherKeys: [String] = []
    try object("an item") { (scanner, key) throws(RankingDataError) in
      switch key {
      case "id": id = try scanner.identifier("an item's \"id\"")
      case "score": score = try scanner.number("\"score\"")
      case _ where scanner.takeNull(): break
      case "index": item.index = try scanner.index("\"index\"")
      case "category": item.category = try scanner.string("\"category\"")
      case "rank_before": item.rankBefore = try scanner.index("\"rank_before\"")
      case "tasks": item.tasks = try scanner.probabilities()
      case "reason": item.reason = try scanner.string("\"reason\"")
      default:
        otherKeys.append(key)
        try scanner.skip()
      }
    }
    guard let id else { throw missing("id", "An item", begin, otherKeys) }
    guard let score else { throw missing("score", "The item \"\(id)\"", begin, otherKeys) }
    item.id = id
    item.score = score
    return item
  }

  private mutating func probabilities() throws(RankingDataError) -> [String: Double] {
    var tasks: [String: Double] = [:]
    try object("\"tasks\"") { (scanner, key) throws(RankingDataError) in
      if scanner.takeNull() { return }
      tasks[key] = try scanner.number("the probability of \"\(key)\"")
    }
    return tasks
  }
}
