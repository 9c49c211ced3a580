import RankingEvaluation

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

/// How a ranker is judged.
public struct RankerJudgement: Sendable, Hashable, Codable {
  /// What is measured, in the order of the report.
  public var metrics: [RankerMetric]
  /// Positions that count, for metrics with a cutoff.
  public var cutoffs: [Int]
  /// What metrics of one name do differently elsewhere.
  public var conventions: MetricConventions
  /// A column of the log whose values are judged one by one, too; nil for none.
  public var groupedBy: String?

  /// A choice.
  public init(
    metrics: [RankerMetric] = RankerMetric.usual, cutoffs: [Int] = [10],
    conventions: MetricConventions = MetricConventions(), groupedBy: String? = nil
  ) {
    precondition(cutoffs.allSatisfy { $0 > 0 }, "Cutoffs are at least 1, not \(cutoffs).")
    self.metrics = metrics
    self.cutoffs = cutoffs
    self.conventions = conventions
    self.groupedBy = groupedBy
  }

  /// The metrics as measures of a log whose highest grade is known.
  func measures(highestGrade: Float) -> [Measure] {
    let empty = conventions.emptyRequests
    func hits(_ measure: Hits.Measure) -> [Measure] {
      cutoffs.map { .list(Hits(measure, cutoff: $0, emptyLists: empty)) }
    }
    return metrics.flatMap { metric -> [Measure] in
      switch metric {
      case .auc: [.auc]
      case .gauc: [.gauc]
      case .prAUC: [.prAUC]
      case .logLoss: [.logLoss]
      case .normalizedEntropy: [.normalizedEntropy]
      case .ece: [.ece, .equalWidthECE]
      case .pcoc: [.pcoc]
      case .ndcg:
        cutoffs.map { .list(NDCG(cutoff: $0, gain: conventions.gain, emptyLists: empty)) }
      case .map: [.list(AveragePrecision(emptyLists: empty))]
      case .mrr: [.list(ReciprocalRank(emptyLists: empty))]
      case .err:
        [.list(ExpectedReciprocalRank(highestGrade: highestGrade, emptyLists: empty))]
      case .precision: hits(.precision)
      case .recall: hits(.recall)
      case .hitRate: hits(.hitRate)
      }
    }
  }
}

/// One line of a report.
enum Measure: Sendable {
  case auc, gauc, prAUC, logLoss, normalizedEntropy, ece, equalWidthECE, pcoc
  case list(any ListMetric)

  var name: String {
    switch self {
    case .auc: "AUC"
    case .gauc: "GAUC"
    case .prAUC: "PR-AUC"
    case .logLoss: "log loss"
    case .normalizedEntropy: "NE"
    case .ece: "ECE"
    case .equalWidthECE: "ECE (equal width)"
    case .pcoc: "PCOC"
    case .list(let metric): metric.name
    }
  }

  /// Nil where neither more nor less is better.
  var higherIsBetter: Bool? {
    switch self {
    case .auc, .gauc, .prAUC, .list: true
    case .logLoss, .normalizedEntropy, .ece, .equalWidthECE: false
    case .pcoc: nil
    }
  }
}
