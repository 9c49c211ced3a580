import Foundation

/// Expected reciprocal rank of the item that satisfies a user who reads from the top (Chapelle et
/// al., CIKM 2009): an item of grade g satisfies with probability (2^g - 1) / 2^highestGrade.
public struct ExpectedReciprocalRank: Sendable, Hashable, Codable {
  /// The scale's highest grade.
  public var highestGrade: Float
  /// Positions that count.
  public var cutoff: Int?
  /// What a list without relevant items counts.
  public var emptyLists: EmptyListPolicy

  /// Creates the metric.
  public init(
    highestGrade: Float, cutoff: Int? = nil, emptyLists: EmptyListPolicy = .excluded
  ) {
    self.highestGrade = highestGrade
    self.cutoff = cutoff
    self.emptyLists = emptyLists
  }
}

extension ExpectedReciprocalRank: ListMetric {
  /// `ERR`
  package var name: String { Self.name("ERR", cutoff) }

  package func value(_ relevance: Span<Float>, ideal: Span<Float>) -> Double? {
    guard ideal.count > 0, ideal[0] > 0 else { return nil }
    let scale = exp2(Double(highestGrade))
    var sum = 0.0
    var unsatisfied = 1.0
    for place in 0..<min(relevance.count, cutoff ?? .max) where relevance[place] > 0 {
      let satisfies = (exp2(Double(min(relevance[place], highestGrade))) - 1) / scale
      sum += unsatisfied * satisfies / Double(place + 1)
      unsatisfied *= 1 - satisfies
    }
    return sum
  }
}

/// Expected reciprocal rank of one list in ranked order; 0 when nothing is relevant.
/// - Throws: `EvaluationError` for a grade above `highestGrade`.
package func expectedReciprocalRank(_ relevance: [Float], highestGrade: Float, cutoff: Int? = nil)
  throws(EvaluationError) -> Double
{
  try check([highestGrade], "Highest grade", in: 0...64)
  try check(relevance, "Relevance", in: 0...highestGrade)
  let metric = ExpectedReciprocalRank(highestGrade: highestGrade, cutoff: cutoff)
  return try metric(relevance) ?? 0
}
