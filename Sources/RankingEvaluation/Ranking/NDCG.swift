import Foundation

/// Normalised discounted cumulative gain (Järvelin and Kekäläinen, TOIS 2002), with its conventions
/// spelled out.
public struct NDCG: Sendable, Hashable, Codable {
  /// What a relevance grade is worth.
  public enum Gain: String, Sendable, Hashable, Codable, CaseIterable {
    /// 2^grade - 1.
    case exponential
    /// The grade.
    case linear

    func callAsFunction(_ grade: Float) -> Double {
      switch self {
      case .exponential: exp2(Double(grade)) - 1
      case .linear: Double(grade)
      }
    }
  }

  /// Positions that count; all when `nil`.
  public var cutoff: Int?
  /// What a grade is worth.
  public var gain: Gain
  /// What a list without relevant items counts.
  public var emptyLists: EmptyListPolicy

  /// Creates the metric.
  public init(
    cutoff: Int? = nil, gain: Gain = .exponential, emptyLists: EmptyListPolicy = .excluded
  ) {
    precondition(cutoff ?? 1 > 0, "A cutoff is at least 1, not \(cutoff ?? 0).")
    self.cutoff = cutoff
    self.gain = gain
    self.emptyLists = emptyLists
  }

  /// Discounted cumulative gain of a list in ranked order, discount 1 / log2(position + 1).
  package func dcg(_ relevance: [Float]) throws(EvaluationError) -> Double {
    try checkRelevance(relevance)
    var sum = 0.0
    for (place, grade) in relevance.prefix(cutoff ?? .max).enumerated() {
      sum += gain(grade) / log2(Double(place + 2))
    }
    return sum
  }

  /// NDCG of one list in ranked order; `nil` when nothing is relevant.
  /// - Parameter candidates: grades of all items the list was chosen from, when the list is a slate
  ///   of only some; the ideal is drawn from them.
  package func callAsFunction(_ relevance: [Float], candidates: [Float]? = nil)
    throws(EvaluationError) -> Double?
  {
    let ideal = try dcg((candidates ?? relevance).sorted(by: >))
    return ideal > 0 ? try dcg(relevance) / ideal : nil
  }

  /// Mean over lists in ranked order.
  package func mean(_ lists: [[Float]]) throws(EvaluationError) -> ListMean {
    var values: [Double?] = []
    for list in lists { values.append(try self(list)) }
    return ListMean(values, emptyLists)
  }
}
