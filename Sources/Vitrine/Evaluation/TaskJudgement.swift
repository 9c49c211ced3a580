/// Judges each outcome of rankers of several tasks by the rows that say something about it.
struct TaskJudgement {
  private let judgement: RankerJudgement

  init(_ judgement: RankerJudgement) {
    var own = judgement
    own.metrics = [.auc, .gauc, .logLoss, .normalizedEntropy, .ece, .pcoc]
    self.judgement = own
  }

  /// The outcomes that all trainings of the model have.
  func tasks(
    of scored: [ScoredLog], against baseline: [ScoredLog]
  ) throws -> [RankerReport.Task] {
    try scored[0].outcomes.compactMap { outcome in
      let own = scored.compactMap { $0.judging(outcome.name) }
      guard own.count == scored.count else { return nil }
      let others = baseline.compactMap { $0.judging(outcome.name) }
      let measures = try LogMeasures(own, against: [], judgement)
      let differences =
        others.isEmpty || others.count != baseline.count
        ? [] : try LogMeasures(own, against: others, judgement).estimates()
      return RankerReport.Task(
        task: outcome.name, rows: own[0].labels.count, metrics: try measures.estimates(),
        differences: differences, calibration: try measures.calibration())
    }
  }
}
