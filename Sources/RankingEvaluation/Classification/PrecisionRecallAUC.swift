/// Area under the precision-recall curve as the sum Σ (R_k - R_{k-1}) P_k over descending distinct
/// scores: average precision over rows. Trapezoids would be optimistic, since precision does not
/// change linearly between two thresholds (Davis and Goadrich, ICML 2006). O(n).
/// - Parameter weights: how much each row counts; all alike when `nil`.
/// - Throws: `EvaluationError` for NaN, unequal lengths, labels other than 0 and 1, bad weights, or
///   no positive.
package func precisionRecallAUC(scores: [Float], labels: [Float], weights: [Float]? = nil)
  throws(EvaluationError) -> Double
{
  try checkCounts(scores.count, ("labels", labels.count))
  try check(scores, "Score", in: finite)
  try checkBinary(labels)
  let weights = try checkWeights(weights, scores.count)
  let order = ScoreOrder(scores)
  var rows = 0.0
  var positives = 0.0
  var sum = 0.0
  var place = order.count - 1
  while place >= 0 {
    let score = order.entries[place] >> 32
    var tied = 0.0
    repeat {
      let row = order.row(place)
      let weight = weights.isEmpty ? 1 : Double(weights[row])
      rows += weight
      if labels[row] == 1 { tied += weight }
      place -= 1
    } while place >= 0 && order.entries[place] >> 32 == score
    positives += tied
    if tied > 0 { sum += tied * positives / rows }
  }
  guard positives > 0 else {
    throw EvaluationError(.oneClass, "No label is 1. PR-AUC needs a positive.")
  }
  return sum / positives
}
