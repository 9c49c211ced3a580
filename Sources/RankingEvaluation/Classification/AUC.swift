/// Area under the ROC curve: the probability that a positive scores above a negative, where a tie
/// counts one half. O(n).
/// - Throws: `EvaluationError` for NaN, unequal lengths, labels other than 0 and 1, or one class.
package func auc(scores: [Float], labels: [Float]) throws(EvaluationError) -> Double {
  try checkCounts(scores.count, ("labels", labels.count))
  try check(scores, "Score", in: finite)
  try checkBinary(labels)
  let order = ScoreOrder(scores)
  guard let area = wins(order, labels).area else {
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
}

private func wins(_ order: ScoreOrder, _ labels: [Float]) -> PairCount {
  var pairs = PairCount()
  var place = 0
  while place < order.count {
    let ties = order.ties(from: place)
    var positives = 0.0
    for tie in ties where labels[order.row(tie)] == 1 { positives += 1 }
    let negatives = Double(ties.count) - positives
    pairs.wins += positives * (pairs.negatives + negatives / 2)
    pairs.positives += positives
    pairs.negatives += negatives
    place = ties.upperBound
  }
  return pairs
}
