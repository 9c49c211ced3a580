/// A question to a ranker: which of these items, for this user, in this context, now?
public struct RankingRequest: Sendable, Hashable {
  /// Request id; comes back in the answer.
  public var id: String
  /// User id. Unknown users are legal.
  public var user: String?
  /// Seconds since 1970.
  public var timestamp: Int64?
  /// Context features by column name.
  public var context: [String: FeatureValue]
  /// Items the user responded to, in any order.
  public var history: [HistoryEntry]
  /// The items to rank.
  public var items: [Candidate]

  /// Creates a request.
  public init(
    id: String, user: String? = nil, timestamp: Int64? = nil,
    context: [String: FeatureValue] = [:], history: [HistoryEntry] = [], items: [Candidate]
  ) {
    self.id = id
    self.user = user
    self.timestamp = timestamp
    self.context = context
    self.history = history
    self.items = items
  }
}

extension RankingRequest: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, user, timestamp, context, history, items
  }

  /// Decodes a request; only `id` and `items` must be present.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try container.decode(String.self, forKey: .id),
      user: try container.decodeIfPresent(String.self, forKey: .user),
      timestamp: try container.decodeIfPresent(Int64.self, forKey: .timestamp),
      context: try container.decodeIfPresent([String: FeatureValue].self, forKey: .context) ?? [:],
      history: try container.decodeIfPresent([HistoryEntry].self, forKey: .history) ?? [],
      items: try container.decode([Candidate].self, forKey: .items))
  }

  /// Encodes only what is present.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encodeIfPresent(user, forKey: .user)
    try container.encodeIfPresent(timestamp, forKey: .timestamp)
    if !context.isEmpty { try container.encode(context, forKey: .context) }
    if !history.isEmpty { try container.encode(history, forKey: .history) }
    try container.encode(items, forKey: .items)
  }
}
