import RankingEvaluation

extension LogMeasures {
  /// Nil for a measure that has no interval: a calibration error is biased upwards by every finite
  /// bin, and more so in a resample.
  func interval(of measure: Measure) throws -> BootstrapInterval? {
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
  func lossIntervals() throws -> [String: BootstrapInterval] {
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
