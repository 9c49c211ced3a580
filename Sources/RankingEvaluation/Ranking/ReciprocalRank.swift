/// Mean reciprocal rank of the first relevant item. Relevant is a positive grade.
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

  /// One list in ranked order; `nil` when nothing is relevant.
  package func callAsFunction(_ relevance: [Float]) throws(EvaluationError) -> Double? {
    try checkRelevance(relevance)
    guard let first = relevance.firstIndex(where: { $0 > 0 }) else { return nil }
    return first < cutoff ?? .max ? 1 / Double(first + 1) : 0
  }

  /// Mean over lists in ranked order.
  package func mean(_ lists: [[Float]]) throws(EvaluationError) -> ListMean {
    var values: [Double?] = []
    for list in lists { values.append(try self(list)) }
    return ListMean(values, emptyLists)
  }
}
