/// Average precision: the mean, over all relevant items, of the precision at their positions; MAP
/// is its mean over lists. Relevant is a positive grade.
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

  /// One list in ranked order; `nil` when nothing is relevant.
  package func callAsFunction(_ relevance: [Float]) throws(EvaluationError) -> Double? {
    try checkRelevance(relevance)
    let relevant = relevance.count { $0 > 0 }
    guard relevant > 0 else { return nil }
    var hits = 0
    var sum = 0.0
    for (place, grade) in relevance.prefix(cutoff ?? .max).enumerated() where grade > 0 {
      hits += 1
      sum += Double(hits) / Double(place + 1)
    }
    return sum / Double(min(relevant, cutoff ?? .max))
  }

  /// Mean over lists in ranked order.
  package func mean(_ lists: [[Float]]) throws(EvaluationError) -> ListMean {
    var values: [Double?] = []
    for list in lists { values.append(try self(list)) }
    return ListMean(values, emptyLists)
  }
}
