/// What another policy would have earned, by the log of this one (Dudík et al., ICML 2011; Swaminathan
/// and Joachims, NIPS 2015).
///
/// Under a position-based model the weight of an item that moves from k to k' is θ_k' / θ_k. Never
/// judge a slate model by the click model it was trained on: hold out another family.
public struct PolicyValue: Sendable, Hashable, Codable {
  /// Σ w r / n with clipped weights: unbiased but for the clipping.
  public var inversePropensity: Double
  /// Σ w r / Σ w: slightly biased, of much smaller variance, and never outside the rewards.
  public var selfNormalized: Double
  /// The model's value plus the weighted residuals: right where either the model or the weights are;
  /// `nil` without a model.
  public var doublyRobust: Double?
  /// (Σ w)² / Σ w²: how many rows the estimate really rests on.
  public var effectiveSampleSize: Double
  /// Share of rows whose weight was clipped.
  public var clippedShare: Double

  /// What a reward model says of each row.
  public struct RewardModel: Sendable, Hashable {
    /// Of what the logging policy did.
    public var logged: [Double]
    /// Of what the other policy would do.
    public var target: [Double]

    /// Creates the predictions.
    public init(logged: [Double], target: [Double]) {
      self.logged = logged
      self.target = target
    }
  }

  /// Estimates a policy. O(n).
  /// - Parameters:
  ///   - rewards: what happened, clicks for instance.
  ///   - weights: how many times likelier the other policy is to do what was done; 0 where never.
  ///   - clip: no weight counts more.
  ///   - model: predicted rewards, for the doubly robust estimate.
  /// - Throws: `EvaluationError` for NaN, unequal lengths, negative weights or none above 0.
  package init(
    rewards: [Double], weights: [Double], clip: Double = .infinity, model: RewardModel? = nil
  ) throws(EvaluationError) {
    try checkCounts(rewards.count, ("weights", weights.count))
    try checkFinite(rewards, "Reward")
    try checkFinite(weights, "Weight")
    guard weights.allSatisfy({ $0 >= 0 }), weights.contains(where: { $0 > 0 }), clip > 0 else {
      throw EvaluationError(
        .outOfRange,
        "Weights must be at least 0 and one above it, and the clip above 0: the logging policy must"
          + " have done something of what the other would do.")
    }
    let clipped = weights.map { min($0, clip) }
    let count = Double(rewards.count)
    let total = clipped.reduce(0, +)
    let earned = zip(clipped, rewards).reduce(0) { $0 + $1.0 * $1.1 }
    inversePropensity = earned / count
    selfNormalized = earned / total
    effectiveSampleSize = total * total / clipped.reduce(0) { $0 + $1 * $1 }
    clippedShare = Double(weights.count { $0 > clip }) / count
    if let model {
      try checkCounts(
        rewards.count, ("logged predictions", model.logged.count),
        ("target predictions", model.target.count))
      try checkFinite(model.logged + model.target, "Prediction")
      var sum = 0.0
      for row in rewards.indices {
        sum += model.target[row] + clipped[row] * (rewards[row] - model.logged[row])
      }
      doublyRobust = sum / count
    }
  }

  /// The weights of items that move between positions of a position-based model.
  /// - Parameters:
  ///   - logged: position of each row, from 0.
  ///   - target: position under the other policy; `nil` where it does not show the item.
  ///   - examination: of each position.
  /// - Throws: `EvaluationError` for positions without an examination above 0.
  package static func weights(logged: [Int], target: [Int?], examination: [Double])
    throws(EvaluationError) -> [Double]
  {
    try checkCounts(logged.count, ("target positions", target.count))
    try checkProbabilities(examination, "Examination")
    var weights: [Double] = []
    weights.reserveCapacity(logged.count)
    for (from, to) in zip(logged, target) {
      guard examination.indices.contains(from), examination[from] > 0,
        to.map(examination.indices.contains) ?? true
      else {
        throw EvaluationError(
          .outOfRange,
          "A row moves from position \(from) to \(to.map(String.init) ?? "none"), but"
            + " \(examination.count) positions have an examination, above 0 where rows were logged."
        )
      }
      weights.append(to.map { examination[$0] / examination[from] } ?? 0)
    }
    return weights
  }
}
