import Foundation

/// What the scores of a ranker mean.
public enum RankerOutput: String, Sendable, Hashable, Codable {
  /// The logistic function of a score is the probability of a positive label.
  case logit
  /// A score is the logarithm of odds that weigh positives: e to it is about the expected weight of a
  /// row, such as the seconds watched (`WeightedLogisticLoss`).
  case odds
  /// Scores order items and say nothing else.
  case score

  /// What people are shown of a score: a probability, an expected weight, or the score itself. The
  /// order of scores stays theirs; shown ones may round to the same number.
  public func shown(_ score: Float) -> Float {
    switch self {
    case .logit: 1 / (1 + exp(-score))
    // e^15 is 3.3 million: more than anyone's weight, and far from where a Float ends.
    case .odds: exp(min(score, 15))
    case .score: score
    }
  }
}
