import RankingData
import RankingEvaluation

/// One or several trainings of a model, and of another, on the same rows: metrics are means over
/// the trainings, and intervals come from resampling users.
struct LogMeasures {
  /// The measures that the data gives a meaning to, in the order asked for.
  let measures: [Measure]
  /// Those it does not, with a reason each.
  let leftOut: [RankerReport.LeftOut]
  private let own: [Side]
  private let others: [Side]
  private let bootstrap = PairedBootstrap()

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

extension LogMeasures {
  /// Nil for a measure that has no interval: a calibration error is biased upwards by every finite
  /// bin, and more so in a resample.
  private func interval(of measure: Measure) throws -> BootstrapInterval? {
    let log = own[0].log
    let weights = log.unequalWeights
    let scores = own.map(\.log.scores)
    // Against a constant, whose AUC is ½ in every resample.
    let constant = [[Float](repeating: 0, count: log.scores.count)]
    let baseline = others.isEmpty ? constant : others.map(\.log.scores)
    let offset = others.isEmpty ? 0.5 : 0
    switch measure {
    case .auc:
      return try bootstrap.aucDifference(
        baseline, scores, labels: log.classes, groups: log.users, weights: weights
      ).moved(by: offset)
    case .gauc:
      return try bootstrap.groupedAUCDifference(
        baseline, scores, labels: log.classes, groups: log.users, weights: weights
      ).moved(by: offset)
    case .prAUC:
      return try bootstrap.precisionRecallDifference(
        others.map(\.log.scores), scores, labels: log.classes, groups: log.users, weights: weights)
    case .list(let metric): return try interval(of: metric)
    case .logLoss, .normalizedEntropy, .ece, .equalWidthECE, .pcoc: return nil
    }
  }

  /// Requests are resampled with their users.
  private func interval(of metric: any ListMetric) throws -> BootstrapInterval? {
    let users = own[0].log.userOfRequest
    let size = Int(own[0].log.users.max() ?? -1) + 1
    var counts = [Double](repeating: 0, count: size)
    func sums(_ sides: [Side]) -> [Double] {
      var sums = [Double](repeating: 0, count: size)
      for (index, side) in sides.enumerated() {
        guard let ranked = side.ranked else { continue }
        if index == 0 { counts = [Double](repeating: 0, count: size) }
        for (request, value) in zip(ranked.requests, metric.mean(ranked).values) {
          guard let value else { continue }
          let user = Int(users[Int(request)])
          sums[user] += value / Double(sides.count)
          if index == 0 { counts[user] += 1 }
        }
      }
      return sums
    }
    let (a, b) = (sums(others), sums(own))
    let present = counts.indices.filter { counts[$0] > 0 }
    guard !present.isEmpty else { return nil }
    return try bootstrap.ratioDifference(
      present.map { a[$0] }, present.map { b[$0] }, weights: present.map { counts[$0] })
  }

  /// Log loss, normalised entropy and PCOC by the same draws.
  private func lossIntervals() throws -> [String: BootstrapInterval] {
    let wanted = measures.filter {
      switch $0 {
      case .logLoss, .normalizedEntropy, .pcoc: true
      default: false
      }
    }
    guard !wanted.isEmpty else { return [:] }
    let isAlone = others.isEmpty
    let units = UserLosses.units(own.map(\.log), against: others.map(\.log))
    let intervals = try bootstrap.intervals(
      of: units,
      wanted.map { measure in
        { sums in
          let (a, b) = (LossSums(parts: sums.lowHalf), LossSums(parts: sums.highHalf))
          return b.value(of: measure) - (isAlone ? 0 : a.value(of: measure))
        }
      })
    return Dictionary(
      zip(wanted.map(\.name), intervals), uniquingKeysWith: { first, _ in first })
  }
}

extension BootstrapInterval {
  fileprivate func moved(by offset: Double) -> BootstrapInterval {
    var moved = self
    moved.estimate += offset
    moved.lower += offset
    moved.upper += offset
    return moved
  }
}

extension ScoredLog {
  /// The user of each request, by request number.
  fileprivate var userOfRequest: [Int32] {
    var owners = [Int32](repeating: 0, count: Int(requests.max() ?? -1) + 1)
    for (row, request) in requests.enumerated() { owners[Int(request)] = users[row] }
    return owners
  }
}
