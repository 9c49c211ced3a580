public import RankingData
public import Tensors

/// The log loss of each row: `softplus(s) - y s`, times the row's weight. The mean divides by the
/// number of rows, not by the sum of the weights, so that a step does not grow when weights shrink.
///
/// Labels are probabilities in 0 ... 1; the scores are logits. Without row weights this is maximum
/// likelihood, and the probabilities are calibrated as far as the model is flexible enough.
public struct LogisticLoss: RankingLoss {
  /// See `RankingLoss`.
  public static let kind = "logistic"
  /// See `RankingLoss`.
  public static let scope = RankingLossScope.rows

  /// The loss; it has no parameters.
  public init() {}

  /// Probabilities only.
  public func check(labels: [Float]) throws(RankerError) {
    try refuseLabels(outside: 0...1, labels, why: "it learns probabilities, from 0 to 1")
  }

  /// See `RankingLoss`. O(count).
  public func callAsFunction(_ scores: Tensor, _ batch: RankingBatch, _ pass: Pass) -> Tensor {
    logLoss(scores, batch)
  }
}
