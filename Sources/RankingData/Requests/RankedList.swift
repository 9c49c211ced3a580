/// The answer to a request: its items, best first, or an arranged slate.
public struct RankedList: Sendable, Hashable, Codable {
  /// The request's id.
  public var id: String
  /// Best first.
  public var items: [RankedItem]
  /// What rules took out, each with its reason, when an explanation was asked for.
  public var removed: [RankedItem]?
  /// What rules asked for and could not have, in words, when an explanation was asked for.
  public var concessions: [String]?

  /// Creates a list.
  public init(
    id: String, items: [RankedItem], removed: [RankedItem]? = nil, concessions: [String]? = nil
  ) {
    self.id = id
    self.items = items
    self.removed = removed
    self.concessions = concessions
  }
}

/// One item of a `RankedList`.
public struct RankedItem: Sendable, Hashable, Codable {
  /// Item id.
  public var id: String
  /// Position in the original input, from 0.
  public var index: Int
  /// The ranker's score; larger is better.
  public var score: Double
  /// Category, when the request had one.
  public var category: String?
  /// Position in the list that a re-ranker was given, from 0.
  public var rankBefore: Int?
  /// The probability of each outcome by name, where the ranker has several tasks.
  public var tasks: [String: Double]?
  /// Why the item stands here, when an explanation was asked for.
  public var reason: String?

  /// Creates an item.
  public init(
    id: String, index: Int, score: Double, category: String? = nil, rankBefore: Int? = nil,
    tasks: [String: Double]? = nil, reason: String? = nil
  ) {
    self.id = id
    self.index = index
    self.score = score
    self.category = category
    self.rankBefore = rankBefore
    self.tasks = tasks
    self.reason = reason
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, index, score, category
    case rankBefore = "rank_before"
    case tasks, reason
  }
}

extension Double {
  /// The shortest decimal number that still names `value`, as a `Double`. Scores leave a model as
  /// `Float`; converting the bits instead would print `1.7300000190734863` for `1.73`.
  public init(shortest value: Float) {
    self = Double(value.description) ?? Double(value)
  }
}
