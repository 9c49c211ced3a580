import Foundation

/// Expected reciprocal rank of the item that satisfies a user who reads from the top (Chapelle et
/// al., CIKM 2009): an item of grade g satisfies with probability (2^g - 1) / 2^highestGrade.
/// - Throws: `EvaluationError` for a grade above `highestGrade`.
package func expectedReciprocalRank(_ relevance: [Float], highestGrade: Float, cutoff: Int? = nil)
  throws(EvaluationError) -> Double
{
  try check(relevance, "Relevance", in: 0...highestGrade)
  var sum = 0.0
  var unsatisfied = 1.0
  for (place, grade) in relevance.prefix(cutoff ?? .max).enumerated() {
    let satisfies = (exp2(Double(grade)) - 1) / exp2(Double(highestGrade))
    sum += unsatisfied * satisfies / Double(place + 1)
    unsatisfied *= 1 - satisfies
  }
  return sum
}
