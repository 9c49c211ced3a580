/// What is found among the first positions.
public struct Hits: Sendable, Hashable, Codable {
  /// What the relevant items among the first `cutoff` positions are set in relation to.
  public enum Measure: String, Sendable, Hashable, Codable, CaseIterable {
    /// The cutoff, also where the list is shorter.
    case precision
    /// All relevant items.
    case recall
    /// 1 where there is any.
    case hitRate = "hit_rate"
  }

  /// What they are set in relation to.
  public var measure: Measure
  /// Positions that count.
  public var cutoff: Int
  /// What a list without relevant items counts.
  public var emptyLists: EmptyListPolicy

  /// Creates the metric.
  public init(_ measure: Measure, cutoff: Int, emptyLists: EmptyListPolicy = .excluded) {
    precondition(cutoff > 0, "A cutoff is at least 1, not \(cutoff).")
    self.measure = measure
    self.cutoff = cutoff
    self.emptyLists = emptyLists
  }
}

extension Hits: ListMetric {
  /// `precision@10`
  package var name: String {
    Self.name(measure == .hitRate ? "hit rate" : measure.rawValue, cutoff)
  }

  package func value(_ relevance: Span<Float>, ideal: Span<Float>) -> Double? {
    let relevant = relevantCount(ideal)
    guard relevant > 0 else { return nil }
    var hits = 0
    for place in 0..<min(relevance.count, cutoff)
    where MetricConventions.isRelevant(relevance[place]) {
      hits += 1
    }
    switch measure {
    case .precision: return Double(hits) / Double(cutoff)
    case .recall: return Double(hits) / Double(relevant)
    case .hitRate: return hits > 0 ? 1 : 0
    }
  }
}
