/// An item the user responded to before the request.
public struct HistoryEntry: Sendable, Hashable {
  /// Item id.
  public var id: String
  /// Seconds since 1970, when known.
  public var timestamp: Int64?
  /// Category of the item then, for `history.category`; the catalogue's where it is missing.
  public var category: String?
  /// Other features of the item then, by column name; the catalogue's where one is missing.
  public var features: [String: FeatureValue]

  /// Creates an entry.
  public init(
    id: String, timestamp: Int64? = nil, category: String? = nil,
    features: [String: FeatureValue] = [:]
  ) {
    self.id = id
    self.timestamp = timestamp
    self.category = category
    self.features = features
  }
}

extension HistoryEntry: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, timestamp, category, features
  }

  /// Decodes an entry; every key but `id` may be missing.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try container.decode(String.self, forKey: .id),
      timestamp: try container.decodeIfPresent(Int64.self, forKey: .timestamp),
      category: try container.decodeIfPresent(String.self, forKey: .category),
      features: try container.decodeIfPresent([String: FeatureValue].self, forKey: .features) ?? [:]
    )
  }

  /// Encodes only what is present.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encodeIfPresent(timestamp, forKey: .timestamp)
    try container.encodeIfPresent(category, forKey: .category)
    if !features.isEmpty { try container.encode(features, forKey: .features) }
  }
}
