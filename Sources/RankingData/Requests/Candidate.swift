/// An item offered for ranking or re-ranking.
///
/// Another ranker's output is legal: only `id`, and for re-ranking `score`, are needed.
public struct Candidate: Sendable, Hashable {
  /// Item id, unique within its request.
  public var id: String
  /// Category, for encoders gated by category, category caps and categorical diversity.
  public var category: String?
  /// The score another ranker gave; finite.
  public var score: Double?
  /// Position in the very first input, when the candidate comes out of an earlier stage.
  public var index: Int?
  /// Whether the user clicked it, in a log of lists that were shown.
  public var clicked: Bool?
  /// Item features by column name.
  public var features: [String: FeatureValue]

  /// Creates a candidate.
  public init(
    id: String, category: String? = nil, score: Double? = nil, index: Int? = nil,
    clicked: Bool? = nil, features: [String: FeatureValue] = [:]
  ) {
    self.id = id
    self.category = category
    self.score = score
    self.index = index
    self.clicked = clicked
    self.features = features
  }
}

extension Candidate: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, category, score, index, clicked, features
  }

  /// Decodes a candidate; every key but `id` may be missing.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try container.decode(String.self, forKey: .id),
      category: try container.decodeIfPresent(String.self, forKey: .category),
      score: try container.decodeIfPresent(Double.self, forKey: .score),
      index: try container.decodeIfPresent(Int.self, forKey: .index),
      clicked: try container.decodeIfPresent(Bool.self, forKey: .clicked),
      features: try container.decodeIfPresent([String: FeatureValue].self, forKey: .features) ?? [:]
    )
  }

  /// Encodes only what is present.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encodeIfPresent(category, forKey: .category)
    try container.encodeIfPresent(score, forKey: .score)
    try container.encodeIfPresent(index, forKey: .index)
    try container.encodeIfPresent(clicked, forKey: .clicked)
    if !features.isEmpty { try container.encode(features, forKey: .features) }
  }
}
