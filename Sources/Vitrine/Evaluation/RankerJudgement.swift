public import RankingEvaluation

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
