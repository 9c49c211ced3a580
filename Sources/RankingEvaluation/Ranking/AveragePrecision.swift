/// Average precision: the mean, over all relevant items, of the precision at their positions; MAP
/// is its mean over lists.
public struct AveragePrecision: Sendable, Hashable, Codable {
  /// Positions that count. Relevant items beyond it add 0, but are still divided by, up to the
  /// cutoff.
  public var cutoff: Int?
  /// What a list without relevant items counts.
  public var emptyLists: EmptyListPolicy

  /// Creates the metric.
  public init(cutoff: Int? = nil, emptyLists: EmptyListPolicy = .excluded) {
    self.cutoff = cutoff
    self.emptyLists = emptyLists
  }
}

extension AveragePrecision: ListMetric {
  /// `MAP`
  package var name: String { Self.name("MAP", cutoff) }

  package func value(_ relevance: Span<Float>, ideal: Span<Float>) -> Double? {
    let relevant = relevantCount(ideal)
    guard relevant > 0 else { return nil }
    var hits = 0
    var sum = 0.0
    for place in 0..<min(relevance.count, cutoff ?? .max)
    where MetricConventions.isRelevant(relevance[place]) {
      hits += 1
      sum += Double(hits) / Double(place + 1)
    }
    return sum / Double(min(relevant, cutoff ?? .max))
  }
}

/// Relevant items among grades that are sorted, best first.
func relevantCount(_ ideal: Span<Float>) -> Int {
  var count = 0
  while count < ideal.count, MetricConventions.isRelevant(ideal[count]) { count += 1 }
  return count
}
