/// Positions of a list, best first: descending scores, and the given order among equal ones, so
/// that a caller who lists items by id breaks ties by id. O(n log n).
/// - Throws: `EvaluationError` for scores that are not finite.
package func rankOrder(_ scores: [Double]) throws(EvaluationError) -> [Int] {
  try checkFinite(scores, "Score")
  return scores.indices.sorted { a, b in
    scores[a] != scores[b] ? scores[a] > scores[b] : a < b
  }
}

/// What a list without any relevant item counts in a mean. Toolkits differ, and the difference is
/// larger than most improvements, so it is always named.
public enum EmptyListPolicy: String, Sendable, Hashable, Codable, CaseIterable {
  /// It is left out, and its share reported.
  case excluded
  /// It counts 0, as in trec_eval.
  case zero
  /// It counts 1, as in allRank and LightGBM.
  case one
}

/// The mean of a ranking metric over lists.
public struct ListMean: Sendable, Hashable {
  /// The mean; NaN when no list counts.
  public var value: Double
  /// Lists that count.
  public var lists: Int
  /// Share of lists without any relevant item.
  public var emptyShare: Double
  /// The value of each list, for paired significance; `nil` where excluded.
  public var values: [Double?]

  init(_ values: [Double?], _ policy: EmptyListPolicy) {
    let empty = values.count { $0 == nil }
    self.values = values.map { value in
      if let value { return value }
      switch policy {
      case .excluded: return nil
      case .zero: return 0
      case .one: return 1
      }
    }
    let counted = self.values.compactMap { $0 }
    lists = counted.count
    value = counted.reduce(0, +) / Double(counted.count)
    emptyShare = values.isEmpty ? 0 : Double(empty) / Double(values.count)
  }
}

/// Checks relevance grades: finite, from 0 to 64, beyond which an exponential gain drowns all else.
package func checkRelevance(_ relevance: [Float]) throws(EvaluationError) {
  try check(relevance, "Relevance", in: 0...64)
}
