/// Area under the ROC curve: the probability that a positive scores above a negative, where a tie
/// counts one half. O(n).
/// - Parameter weights: how much each row counts; a pair counts the product. All alike when `nil`.
/// - Throws: `EvaluationError` for NaN, unequal lengths, labels other than 0 and 1, bad weights, or
///   one class.
package func auc(scores: [Float], labels: [Float], weights: [Float]? = nil)
  throws(EvaluationError) -> Double
{
  try checkCounts(scores.count, ("labels", labels.count))
  try check(scores, "Score", in: finite)
  try checkBinary(labels)
  let order = ScoreOrder(scores)
  let pairs = PairCount(order.entries[...], labels, try checkWeights(weights, scores.count))
  guard let area = pairs.area else {
    throw EvaluationError(
      .oneClass, "All labels are \(labels[0]). AUC needs positives and negatives.")
  }
  return area
}

/// Pairs of a positive and a negative, and how many of them are in the right order.
struct PairCount {
  var wins = 0.0
  var positives = 0.0
  var negatives = 0.0

  var area: Double? {
    positives > 0 && negatives > 0 ? wins / (positives * negatives) : nil
  }

  /// Counts entries of a `ScoreOrder`, ascending; empty weights count all rows alike.
  init(_ sorted: ArraySlice<UInt64>, _ labels: [Float], _ weights: [Float]) {
    var place = sorted.startIndex
    while place < sorted.endIndex {
      let score = sorted[place] >> 32
      var (tiedPositives, tiedNegatives) = (0.0, 0.0)
      repeat {
        let row = Int(truncatingIfNeeded: sorted[place] & 0xFFFF_FFFF)
        let weight = weights.isEmpty ? 1 : Double(weights[row])
        if labels[row] == 1 { tiedPositives += weight } else { tiedNegatives += weight }
        place += 1
      } while place < sorted.endIndex && sorted[place] >> 32 == score
      wins += tiedPositives * (negatives + tiedNegatives / 2)
      positives += tiedPositives
      negatives += tiedNegatives
    }
  }
}
