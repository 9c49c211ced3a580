/// Mean reciprocal rank of the first relevant item.
public struct ReciprocalRank: Sendable, Hashable, Codable {
  /// Positions that count; a list whose first relevant item comes later has value 0.
  public var cutoff: Int?
  /// What a list without relevant items counts.
  public var emptyLists: EmptyListPolicy

  /// Creates the metric.
  public init(cutoff: Int? = nil, emptyLists: EmptyListPolicy = .excluded) {
    self.cutoff = cutoff
    self.emptyLists = emptyLists
  }
}

extension ReciprocalRank: ListMetric {
  /// `MRR`
  package var name: String { Self.name("MRR", cutoff) }

  package func value(_ relevance: Span<Float>, ideal: Span<Float>) -> Double? {
    guard relevantCount(ideal) > 0 else { return nil }
    for place in 0..<min(relevance.count, cutoff ?? .max)
    where MetricConventions.isRelevant(relevance[place]) {
      return 1 / Double(place + 1)
    }
    return 0
  }
}
