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
      case .exponential: grade == 0 ? 0 : grade == 1 ? 1 : exp2(Double(grade)) - 1
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
    return dcg(relevance.span)
  }

  private func dcg(_ relevance: Span<Float>) -> Double {
    var sum = 0.0
    for place in 0..<min(relevance.count, cutoff ?? .max) where relevance[place] > 0 {
      sum += gain(relevance[place]) * discount(place)
    }
    return sum
  }

  /// NDCG of one list in ranked order; `nil` when nothing is relevant.
  /// - Parameter candidates: grades of all items the list was chosen from, when the list is a slate
  ///   of only some; the ideal is drawn from them.
  package func callAsFunction(_ relevance: [Float], candidates: [Float])
    throws(EvaluationError) -> Double?
  {
    try checkRelevance(relevance)
    try checkRelevance(candidates)
    return value(relevance.span, ideal: candidates.sorted(by: >).span)
  }
}

extension NDCG: ListMetric {
  /// `NDCG@10`
  package var name: String { Self.name("NDCG", cutoff) }

  package func value(_ relevance: Span<Float>, ideal: Span<Float>) -> Double? {
    let best = dcg(ideal)
    return best > 0 ? dcg(relevance) / best : nil
  }
}

/// 1 / log2(place + 2): what a position, counted from 0, discounts a gain by.
func discount(_ place: Int) -> Double {
  place < discounts.count ? discounts[place] : 1 / log2(Double(place + 2))
}

private let discounts = (0..<1024).map { 1 / log2(Double($0 + 2)) }
