/// ERR-IA: expected reciprocal rank for users who want different things, averaged over what they
/// want (Chapelle et al., "Intent-based diversification of web search results", Information
/// Retrieval 2011).
///
/// - Parameters:
///   - relevance: for each intent, the grades of the list in ranked order.
///   - probabilities: how likely each intent is; they sum to 1.
/// - Returns: Σ P(intent) ERR(grades for that intent). O(intents × length).
/// - Throws: `EvaluationError` for lists of unequal lengths, probabilities that are none, or a grade
///   above `highestGrade`.
package func intentAwareERR(
  _ relevance: [[Float]], probabilities: [Double], highestGrade: Float, cutoff: Int? = nil
) throws(EvaluationError) -> Double {
  try checkCounts(relevance.count, ("probabilities", probabilities.count))
  try checkProbabilities(probabilities, "Intent probability")
  let total = probabilities.reduce(0, +)
  guard (total - 1).magnitude < 1e-6 else {
    throw EvaluationError(
      .outOfRange, "The intents' probabilities sum to \(total). Divide them by their sum.")
  }
  var sum = 0.0
  for (grades, probability) in zip(relevance, probabilities) {
    guard grades.count == relevance[0].count else {
      throw EvaluationError(
        .lengthMismatch,
        "One intent grades \(grades.count) items, another \(relevance[0].count). Give every intent"
          + " one grade for each item.")
    }
    sum +=
      probability
      * (try expectedReciprocalRank(grades, highestGrade: highestGrade, cutoff: cutoff))
  }
  return sum
}
