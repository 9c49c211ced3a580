public import RankingData
public import Tensors

/// Weighted logistic regression (Covington, Adams and Sargin, RecSys 2016): a positive row counts as
/// often as its weight says, such as the seconds watched, and a negative row once.
///
/// `T softplus(-s)` for a positive row of weight T, `softplus(s)` for a negative one. The odds `e^s`
/// that this learns are `E[T] / (1 - P)`, about the expected weight where positives are rare: rank by
/// them, and never read `sigmoid(s)` as a probability. The mean divides by the number of rows, so that
/// steps do not drift with the length of what is watched.
public struct WeightedLogisticLoss: RankingLoss {
  /// See `RankingLoss`.
  public static let kind = "weighted_logistic"
  /// See `RankingLoss`.
  public static let scope = RankingLossScope.rows

  /// The loss; it has no parameters.
  public init() {}

  /// Probabilities only.
  public func check(labels: [Float]) throws(RankerError) {
    try refuseLabels(outside: 0...1, labels, why: "a row is positive (1) or negative (0)")
  }

  /// See `RankingLoss`. O(count).
  public func callAsFunction(_ scores: Tensor, _ batch: RankingBatch, _ pass: Pass) -> Tensor {
    sigmoidCrossEntropy(
      logits: scores, labels: batch.labels.map { isPositive($0) ? 1 : 0 },
      weights: zip(batch.labels, batch.weights).map { isPositive($0) ? Scalar($1) : 1 })
  }
}
