extension RankingRequest: JSONLine {
  /// Reads a request. Unknown keys are skipped.
  public static func parse(_ cursor: inout JSONCursor) throws(RankingDataError) -> RankingRequest {
    try cursor.scanner.request()
  }

  /// Appends the request, keys in the documented order, features sorted by name.
  public func write(_ sink: inout JSONSink) throws(RankingDataError) {
    try sink.text.object { (text) throws(RankingDataError) in
      text.key("id")
      text.string(id)
      if let user {
        text.key("user")
        text.string(user)
      }
      if let timestamp {
        text.key("timestamp")
        text.integer(timestamp)
      }
      if !context.isEmpty { try text.features(context, "context") }
      if !history.isEmpty {
        text.key("history")
        try text.array { (text) throws(RankingDataError) in
          for entry in history { try text.history(entry) }
        }
      }
      text.key("items")
      try text.array { (text) throws(RankingDataError) in
        for item in items { try text.candidate(item) }
      }
    }
  }
}

extension JSONText {
  fileprivate mutating func features(_ features: [String: FeatureValue], _ name: String)
    throws(RankingDataError)
  {
    key(name)
    try object { (text) throws(RankingDataError) in
      for (name, value) in features.sorted(by: { $0.key < $1.key }) {
        text.key(name)
        switch value {
        case .number(let number): try text.number(number, "feature \"\(name)\"")
        case .text(let string): text.string(string)
        case .list(let strings):
          try text.array { (text) throws(RankingDataError) in
            for string in strings { text.string(string) }
          }
        }
      }
    }
  }

  fileprivate mutating func history(_ entry: HistoryEntry) throws(RankingDataError) {
    try object { (text) throws(RankingDataError) in
      text.key("id")
      text.string(entry.id)
      if let timestamp = entry.timestamp {
        text.key("timestamp")
        text.integer(timestamp)
      }
      if let category = entry.category {
        text.key("category")
        text.string(category)
      }
      if !entry.features.isEmpty { try text.features(entry.features, "features") }
    }
  }

  fileprivate mutating func candidate(_ item: Candidate) throws(RankingDataError) {
    try object { (text) throws(RankingDataError) in
      text.key("id")
      text.string(item.id)
      if let index = item.index {
        text.key("index")
        text.integer(index)
      }
      if let score = item.score {
        text.key("score")
        try text.number(score, "the score of \"\(item.id)\"")
      }
      if let category = item.category {
        text.key("category")
        text.string(category)
      }
      if let clicked = item.clicked {
        text.key("clicked")
        text.flag(clicked)
      }
      if !item.features.isEmpty { try text.features(item.features, "features") }
    }
  }
}
