import RankingEvaluation

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

  /// Whether chance has ½.
  var isArea: Bool {
    switch self {
    case .auc, .gauc: true
    default: false
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
