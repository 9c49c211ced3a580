/// Share of each part in the similarity of two candidates that both have it.
public struct SimilarityWeights: Codable, Sendable, Hashable {
  /// Of the cosine of centred visual vectors.
  public var visual: Double
  /// Of the equality of categories.
  public var category: Double
  /// Of the cosine of embeddings: any other vectors, say of a collaborative filter or of text.
  public var embedding: Double

  /// Throws `SlateError.configuration` when a weight is negative or not finite.
  public init(
    visual: Double = 0.5, category: Double = 0.5, embedding: Double = 0
  ) throws(SlateError) {
    self.visual = visual
    self.category = category
    self.embedding = embedding
    try validate()
  }

  /// Image and category alike.
  public static let standard = SimilarityWeights()

  private init() {
    (visual, category, embedding) = (0.5, 0.5, 0)
  }

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    for (field, weight) in [
      ("visual", visual), ("category", category), ("embedding", embedding),
    ] {
      guard weight >= 0, weight.isFinite else {
        throw .configuration(
          field: "similarity.\(field)", value: String(weight),
          rule: "it must be a finite number of at least 0")
      }
    }
  }

  /// Every missing field takes its default; a field out of range throws.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let standard = SimilarityWeights()
    try self.init(
      visual: try container.decodeIfPresent(Double.self, forKey: .visual) ?? standard.visual,
      category: try container.decodeIfPresent(Double.self, forKey: .category)
        ?? standard.category,
      embedding: try container.decodeIfPresent(Double.self, forKey: .embedding)
        ?? standard.embedding)
  }
}
