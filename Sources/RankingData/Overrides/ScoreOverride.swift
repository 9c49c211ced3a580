/// A person's correction of a model: as long as it lasts, every candidate whose feature has this value
/// has its score raised, or lowered, by the same amount.
///
/// For a logistic regression that is a change of the value's weight. It is laid over any ranker's
/// score, which is a logit where the model knows probabilities, and it ends by itself: what nobody
/// renews is forgotten rather than forgotten about.
public struct ScoreOverride: Sendable, Hashable {
  /// A column of the schema, of the catalogue or of requests.
  public var feature: String
  /// One of its values; of a list, one of its elements.
  public var value: String
  /// Added to the score.
  public var add: Double
  /// First second of its validity; nil for always until its end.
  public var from: Int64?
  /// First second after it.
  public var until: Int64
  /// Why, for whoever finds it later.
  public var reason: String?

  /// Creates an override.
  public init(
    feature: String, value: String, add: Double, from: Int64? = nil, until: Int64,
    reason: String? = nil
  ) {
    self.feature = feature
    self.value = value
    self.add = add
    self.from = from
    self.until = until
    self.reason = reason
  }

  /// Whether it holds at a time.
  public func holds(at time: Int64) -> Bool { time < until && (from.map { $0 <= time } ?? true) }
}

/// A version of the overrides in force.
public struct ScoreOverrides: Sendable, Hashable {
  /// Names this state of the list; answers and logs can say which one they were made with.
  public var version: String
  /// In the order of the file.
  public var overrides: [ScoreOverride]

  /// Creates a version.
  public init(version: String, overrides: [ScoreOverride]) {
    self.version = version
    self.overrides = overrides
  }

  /// Those that hold at a time.
  public func active(at time: Int64) -> [ScoreOverride] { overrides.filter { $0.holds(at: time) } }
}

extension ScoreOverrides {
  /// What is added to each candidate's score. Features are looked up as a ranker's own are.
  /// O(active overrides × candidates).
  /// - Parameter now: the time of a request that does not say its own.
  package func adjustments(
    of request: RankingRequest, schema: RankingSchema, catalogue: Catalogue?, now: Int64
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: request.items.count)
    let active = active(at: request.timestamp ?? now)
    guard !active.isEmpty else { return sums }
    let rows = RequestRows([request], schema, catalogue)
    for (feature, group) in Dictionary(grouping: active, by: \.feature) {
      let field = schema.multiValued.first { $0.name == feature }
      let values = rows.map(feature) { value -> [String] in
        switch value {
        case .list(let list): list
        case .text(let text): field.map { $0.split(text) } ?? [text]
        case let number: number?.identifier.map { [$0] } ?? []
        }
      }
      for override in group {
        for (index, ids) in values.enumerated() where ids.contains(override.value) {
          sums[index] += override.add
        }
      }
    }
    return sums
  }

  /// Refuses a feature that neither schema nor catalogue nor every request has.
  package func check(_ schema: RankingSchema, _ catalogue: Catalogue?) throws(RankingDataError) {
    let known = Set(
      schema.categorical.map(\.name) + schema.multiValued.map(\.name) + schema.numeric.map(\.name)
        + [schema.item, schema.user, "category"].compactMap { $0 } + (catalogue?.table.names ?? []))
    for override in overrides where !known.contains(override.feature) {
      throw RankingDataError(
        .badValue,
        problem:
          "Version \(version) of the overrides corrects \"\(override.feature)\", which neither"
          + " the model nor the catalogue has.",
        remedy: suggestion(for: override.feature, in: known.sorted()))
    }
  }
}
