/// A metric of one ranked list, with what a list without relevant items counts in its mean.
package protocol ListMetric: Sendable {
  /// As reports print it: `NDCG@10`.
  var name: String { get }
  /// What a list without relevant items counts.
  var emptyLists: EmptyListPolicy { get }

  /// The value of one list of checked grades; `nil` when nothing is relevant.
  /// - Parameters:
  ///   - relevance: grades in ranked order.
  ///   - ideal: grades of everything the list was chosen from, best first.
  func value(_ relevance: Span<Float>, ideal: Span<Float>) -> Double?
}

extension ListMetric {
  /// One list in ranked order; `nil` when nothing is relevant.
  /// - Throws: `EvaluationError` for grades that are not finite or outside 0 to 64.
  package func callAsFunction(_ relevance: [Float]) throws(EvaluationError) -> Double? {
    try checkRelevance(relevance)
    return value(relevance.span, ideal: relevance.sorted(by: >).span)
  }

  /// Mean over lists in ranked order.
  /// - Throws: as for one list.
  package func mean(_ lists: [[Float]]) throws(EvaluationError) -> ListMean {
    var values: [Double?] = []
    for list in lists { values.append(try self(list)) }
    return ListMean(values, emptyLists)
  }

  /// Mean over the requests of a log. O(rows), and nothing is allocated for a request.
  package func mean(_ requests: RankedRequests) -> ListMean {
    ListMean(requests.values(of: self), emptyLists)
  }

  static func name(_ name: String, _ cutoff: Int?) -> String {
    cutoff.map { "\(name)@\($0)" } ?? name
  }
}
