/// What a ranker can be judged by, as `vitrine evaluate --metrics` names it.
public enum RankerMetric: String, Sendable, Hashable, Codable, CaseIterable {
  /// Area under the ROC curve over rows.
  case auc
  /// AUC within users, averaged by their impressions.
  case gauc
  /// Area under the precision-recall curve over rows.
  case prAUC = "pr-auc"
  /// Negative log likelihood, in nats.
  case logLoss = "log-loss"
  /// Log loss over the entropy of the base rate.
  case normalizedEntropy = "ne"
  /// Expected calibration error, over bins of equal mass and of equal width.
  case ece
  /// Sum of predictions over sum of labels.
  case pcoc
  /// Normalised discounted cumulative gain at each cutoff, by request.
  case ndcg
  /// Mean average precision, by request.
  case map
  /// Mean reciprocal rank of the first relevant item, by request.
  case mrr
  /// Expected reciprocal rank, by request.
  case err
  /// Relevant items over positions at each cutoff, by request.
  case precision
  /// Relevant items found over all of them at each cutoff, by request.
  case recall
  /// Whether anything relevant is found at each cutoff, by request.
  case hitRate = "hit-rate"

  /// Those judged by unless others are asked for.
  public static let usual: [RankerMetric] = [
    .auc, .gauc, .prAUC, .ndcg, .map, .mrr, .err, .logLoss, .normalizedEntropy, .ece, .pcoc,
  ]

  /// Whether scores must be probabilities.
  var needsProbabilities: Bool {
    switch self {
    case .logLoss, .normalizedEntropy, .ece, .pcoc: true
    default: false
    }
  }

  /// Whether it looks at the lists of requests.
  var needsRequests: Bool {
    switch self {
    case .ndcg, .map, .mrr, .err, .precision, .recall, .hitRate: true
    default: false
    }
  }
}
