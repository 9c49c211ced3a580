extension JSONScanner {
  mutating func request() throws(RankingDataError) -> RankingRequest {
    _ = peek()
    let begin = position
    var id: String?
    var items: [Candidate]?
    var request = RankingRequest(id: "", items: [])
    var otherKeys: [String] = []
    try object("a request") { (scanner, key) throws(RankingDataError) in
      switch key {
      case "id": id = try scanner.identifier("the request's \"id\"")
      case "items": items = try scanner.candidates()
      case _ where scanner.takeNull(): break
      case "user": request.user = try scanner.string("\"user\"")
      case "timestamp": request.timestamp = try scanner.integer("\"timestamp\"")
      case "context": request.context = try scanner.features("\"context\"")
      case "history": request.history = try scanner.historyEntries()
      default:
        otherKeys.append(key)
        try scanner.skip()
      }
    }
    guard let id else { throw missing("id", "The request", begin, otherKeys) }
    guard let items else { throw missing("items", "The request \"\(id)\"", begin, otherKeys) }
    request.id = id
    request.items = items
    return request
  }

  func missing(_ key: String, _ what: String, _ begin: Int, _ others: [String])
    -> RankingDataError
  {
    let near = nearest(key, in: others)
    return failure(
      .missingKey, at: begin, "\(what) has no \"\(key)\".",
      near.map { "It has \"\($0)\": rename that key." } ?? "Add the key.")
  }

  func repeated(_ item: String, _ what: String, at place: Int) -> RankingDataError {
    failure(
      .duplicateIdentifier, at: place, "The item \"\(item)\" occurs twice in \(what).",
      "Offer each item once.")
  }

  /// Reads a string that is not empty.
  mutating func identifier(_ what: String) throws(RankingDataError) -> String {
    _ = peek()
    let begin = position
    let text = try string(what)
    if text.isEmpty {
      throw failure(.emptyIdentifier, at: begin, "\(what) is empty.", "Give every record an id.")
    }
    return text
  }

  private mutating func candidates() throws(RankingDataError) -> [Candidate] {
    var items: [Candidate] = []
    var seen: Set<String> = []
    try array("\"items\"") { (scanner) throws(RankingDataError) in
      _ = scanner.peek()
      let begin = scanner.position
      let item = try scanner.candidate()
      guard seen.insert(item.id).inserted else {
        throw scanner.repeated(item.id, "the request", at: begin)
      }
      items.append(item)
    }
    return items
  }

  private mutating func candidate() throws(RankingDataError) -> Candidate {
    let begin = position
    var id: String?
    var candidate = Candidate(id: "")
    var otherKeys: [String] = []
    try object("an item") { (scanner, key) throws(RankingDataError) in
      switch key {
      case "id": id = try scanner.identifier("an item's \"id\"")
      case _ where scanner.takeNull(): break
      case "category": candidate.category = try scanner.string("\"category\"")
      case "score": candidate.score = try scanner.number("\"score\"")
      case "index": candidate.index = try scanner.index("\"index\"")
      case "clicked": candidate.clicked = try scanner.flag("\"clicked\"")
      case "features": candidate.features = try scanner.features("\"features\"")
      default:
        otherKeys.append(key)
        try scanner.skip()
      }
    }
    guard let id else { throw missing("id", "An item", begin, otherKeys) }
    candidate.id = id
    return candidate
  }

  /// Reads a position, from 0.
  mutating func index(_ what: String) throws(RankingDataError) -> Int {
    _ = peek()
    let begin = position
    guard let value = Int(exactly: try integer(what)), value >= 0 else {
      throw failure(.badValue, at: begin, "\(what) is negative.", "Positions count from 0.")
    }
    return value
  }

  private mutating func historyEntries() throws(RankingDataError) -> [HistoryEntry] {
    var entries: [HistoryEntry] = []
    try array("\"history\"") { (scanner) throws(RankingDataError) in
      _ = scanner.peek()
      let begin = scanner.position
      var id: String?
      var entry = HistoryEntry(id: "")
      var otherKeys: [String] = []
      try scanner.object("a history entry") { (scanner, key) throws(RankingDataError) in
        switch key {
        case "id": id = try scanner.identifier("a history entry's \"id\"")
        case _ where scanner.takeNull(): break
        case "timestamp": entry.timestamp = try scanner.integer("\"timestamp\"")
        case "category": entry.category = try scanner.string("\"category\"")
        case "features": entry.features = try scanner.features("\"features\"")
        default:
          otherKeys.append(key)
          try scanner.skip()
        }
      }
      guard let id else { throw scanner.missing("id", "A history entry", begin, otherKeys) }
      entry.id = id
      entries.append(entry)
    }
    return entries
  }

  private mutating func features(_ what: String) throws(RankingDataError)
    -> [String: FeatureValue]
  {
    var features: [String: FeatureValue] = [:]
    try object(what) { (scanner, key) throws(RankingDataError) in
      if scanner.takeNull() { return }
      features[key] = try scanner.featureValue(key)
    }
    return features
  }

  private mutating func featureValue(_ key: String) throws(RankingDataError) -> FeatureValue {
    switch peek() {
    case UInt8(ascii: "\""): return .text(try string("\"\(key)\""))
    case UInt8(ascii: "["):
      var list: [String] = []
      try array("\"\(key)\"") { (scanner) throws(RankingDataError) in
        list.append(try scanner.string("an element of \"\(key)\""))
      }
      return .list(list)
    case UInt8(ascii: "{"):
      throw failure(
        .badValue, "The feature \"\(key)\" is an object.",
        "A feature is a number, a string, or an array of strings.")
    default:
      if takeWord("true") { return .text("true") }
      if takeWord("false") { return .text("false") }
      let begin = position
      let value = try number("\"\(key)\"")
      // A double skips integers of this size: such an id must not become its neighbour.
      if value.magnitude >= 9_007_199_254_740_992,
        bytes[begin..<position].allSatisfy({ $0 != 0x2E && $0 | 0x20 != 0x65 })
      {
        return .text(String(decoding: bytes[begin..<position], as: UTF8.self))
      }
      return .number(value)
    }
  }
}
