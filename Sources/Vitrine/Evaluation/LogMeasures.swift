import RankingData
import RankingEvaluation

/// One or several trainings of a model, and of another, on the same rows: metrics are means over
/// the trainings, and intervals come from resampling users.
struct LogMeasures {
  /// The measures that the data gives a meaning to, in the order asked for.
  let measures: [Measure]
  /// Those it does not, with a reason each.
  let leftOut: [RankerReport.LeftOut]
  let own: [Side]
  let others: [Side]
  let bootstrap = PairedBootstrap()

  /// A training's rows, and what several metrics need of them.
  struct Side {
    let log: ScoredLog
    let ranked: RankedRequests?
  }

  /// - Parameter others: empty for the model's own values.
  init(_ own: [ScoredLog], against others: [ScoredLog], _ judgement: RankerJudgement) throws {
    let first = own[0]
    let facts = LogFacts(first, scoresAreLogits: (own + others).allSatisfy { $0.output == .logit })
    leftOut = judgement.metrics.compactMap { metric in
      facts.reason(against: metric).map { .init(metric: metric.rawValue, reason: $0) }
    }
    var possible = judgement
    possible.metrics.removeAll { facts.reason(against: $0) != nil }
    measures = possible.measures(highestGrade: facts.highestGrade)
    let wantsLists = possible.metrics.contains(where: \.needsRequests)
    func side(_ log: ScoredLog) throws -> Side {
      Side(log: log, ranked: wantsLists ? try log.ranked() : nil)
    }
    self.own = try own.map(side)
    self.others = try others.map(side)
  }

  /// The measures with their intervals; differences where there are others.
  func estimates() throws -> [MetricEstimate] {
    let losses = try lossIntervals()
    return try measures.map { measure in
      var interval = losses[measure.name]
      if interval == nil { interval = try self.interval(of: measure) }
      let values = try own.map { try value(of: measure, $0) }
      let baseline = try others.map { try value(of: measure, $0) }
      var estimate = MetricEstimate(
        measure.name, value: mean(values) - (baseline.isEmpty ? 0 : mean(baseline)), interval)
      if !baseline.isEmpty, measure.isArea {
        estimate.relative = relativeImprovement(of: mean(values), over: mean(baseline))
      }
      if values.count > 1 {
        if baseline.isEmpty {
          estimate.trainings = values
        } else if baseline.count == values.count {
          estimate.trainings = zip(values, baseline).map { $0 - $1 }
        }
      }
      if let higher = measure.higherIsBetter, values.count > 1, baseline.count > 1 {
        estimate.seeds = try SeedComparison(baseline, values, higherIsBetter: higher)
      }
      return estimate
    }
  }

  /// The means over the trainings, without intervals.
  func values() throws -> [(measure: Measure, value: Double)] {
    try measures.map { measure in
      (measure, mean(try own.map { try value(of: measure, $0) }))
    }
  }

  /// Calibration of the first training; nil where scores are no probabilities.
  func calibration() throws -> Calibration? {
    guard measures.contains(where: { if case .ece = $0 { true } else { false } }) else {
      return nil
    }
    let log = own[0].log
    return try RankingEvaluation.calibration(
      probabilities: log.probabilities, labels: log.labels, weights: log.unequalWeights)
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private func value(of measure: Measure, _ side: Side) throws -> Double {
    let log = side.log
    let weights = log.unequalWeights
    func calibration() throws -> Calibration {
      try RankingEvaluation.calibration(
        probabilities: log.probabilities, labels: log.labels, weights: weights)
    }
    switch measure {
    case .auc: return try auc(scores: log.scores, labels: log.classes, weights: weights)
    case .gauc:
      return try groupedAUC(
        scores: log.scores, labels: log.classes, groups: log.users, weights: weights
      ).value
    case .prAUC:
      return try precisionRecallAUC(scores: log.scores, labels: log.classes, weights: weights)
    case .logLoss:
      return try logLoss(logits: log.scores, labels: log.labels, weights: weights)
    case .normalizedEntropy: return UserLosses(log).total.normalizedEntropy
    case .ece: return try calibration().error
    case .equalWidthECE: return try calibration().equalWidthError
    case .pcoc: return UserLosses(log).total.ratio
    case .list(let metric): return side.ranked.map { metric.mean($0).value } ?? .nan
    }
  }
}
