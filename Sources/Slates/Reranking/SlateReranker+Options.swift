import RankingData

extension SlateReranker {
  /// What surrounds the model and the diversifier.
  public struct Options: Sendable, Hashable, Codable {
    /// Length of the slate; `nil` arranges every candidate.
    public var top: Int?
    /// Only this many eligible candidates, from the head of the base order, are given to the model
    /// and the diversifier; the others follow in base order where the slate has room or the caps
    /// leave no one else. Bounds the time of one request.
    public var candidates: Int
    /// The slate model arranges this many times the slate's length when a diversifier or caps choose
    /// among what it arranged.
    public var pool: Int
    /// Whether every item gets its reason.
    public var explains: Bool

    /// Ten items of at most 500 candidates; diversity chooses among three times the slate.
    public init(top: Int? = 10, candidates: Int = 500, pool: Int = 3, explains: Bool = false) {
      self.top = top
      self.candidates = candidates
      self.pool = pool
      self.explains = explains
    }

    /// Throws `SlateError.configuration` for the first field out of range.
    public func validate() throws(SlateError) {
      for (field, value) in [("top", top ?? 1), ("candidates", candidates), ("pool", pool)] {
        guard value >= 1 else {
          throw .configuration(field: field, value: "\(value)", rule: "it must be at least 1")
        }
      }
    }

    /// Every missing field takes its default; `"top": null` arranges every candidate.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try container.update(&top, .top)
      try container.update(&candidates, .candidates)
      try container.update(&pool, .pool)
      try container.update(&explains, .explains)
    }
  }
}
