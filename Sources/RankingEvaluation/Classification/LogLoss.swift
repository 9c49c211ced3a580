import Foundation

/// Mean negative log likelihood in nats. Probabilities are kept 1.2e-7 (one ulp of 1) away from 0
/// and 1, as scikit-learn keeps single-precision ones. O(n).
/// - Throws: `EvaluationError` for NaN, unequal lengths, or values outside [0, 1].
package func logLoss(probabilities: [Float], labels: [Float], weights: [Float]? = nil)
  throws(EvaluationError) -> Double
{
  try checkCounts(probabilities.count, ("labels", labels.count))
  try check(probabilities, "Probability", in: 0...1)
  try check(labels, "Label", in: 0...1)
  let margin = Double(Float.ulpOfOne)
  return try weightedMean(probabilities.count, weights) { row in
    let p = min(max(Double(probabilities[row]), margin), 1 - margin)
    let y = Double(labels[row])
    return -(y * log(p) + (1 - y) * log1p(-p))
  }
}

/// Mean negative log likelihood of the logistic function of scores, in nats, without ever forming
/// a probability that rounds to 0 or 1. O(n).
/// - Throws: `EvaluationError` for NaN, unequal lengths, or labels outside [0, 1].
package func logLoss(logits: [Float], labels: [Float], weights: [Float]? = nil)
  throws(EvaluationError) -> Double
{
  try checkCounts(logits.count, ("labels", labels.count))
  try check(logits, "Logit", in: finite)
  try check(labels, "Label", in: 0...1)
  return try weightedMean(logits.count, weights) { row in
    crossEntropy(logit: logits[row], label: labels[row])
  }
}

/// Negative log likelihood of one row, in nats.
package func crossEntropy(logit: Float, label: Float) -> Double {
  let x = Double(logit)
  return max(x, 0) - x * Double(label) + log1p(exp(-x.magnitude))
}

/// Log loss over the entropy of the labels' mean: below 1 exactly if the model beats a constant
/// (He et al., "Practical lessons from predicting clicks on ads at Facebook", ADKDD 2014).
/// - Throws: as `logLoss`, and where all labels are 0 or all are 1.
package func normalizedEntropy(probabilities: [Float], labels: [Float], weights: [Float]? = nil)
  throws(EvaluationError) -> Double
{
  let loss = try logLoss(probabilities: probabilities, labels: labels, weights: weights)
  let rate = try weightedMean(labels.count, weights) { Double(labels[$0]) }
  guard rate > 0, rate < 1 else {
    throw EvaluationError(
      .oneClass, "All labels are \(labels[0]). Normalised entropy needs both classes.")
  }
  return loss / -(rate * log(rate) + (1 - rate) * log1p(-rate))
}

private func weightedMean(_ count: Int, _ weights: [Float]?, _ value: (Int) -> Double)
  throws(EvaluationError) -> Double
{
  guard let weights else {
    var sum = 0.0
    for row in 0..<count { sum += value(row) }
    return sum / Double(count)
  }
  _ = try checkWeights(weights, count)
  var sum = 0.0
  var total = 0.0
  for row in 0..<count {
    sum += Double(weights[row]) * value(row)
    total += Double(weights[row])
  }
  return sum / total
}
