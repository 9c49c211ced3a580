import Foundation
import RankingData
import RankingEvaluation

/// One or several trainings of a model on the same rows: metrics are means over the trainings, and
/// intervals come from resampling users.
extension [ScoredLog] {
  /// The metrics with their intervals. AUC and GAUC need labels of both kinds, and are left out
  /// where there are none.
  func metrics() throws -> [MetricEstimate] {
    try estimates(against: nil)
  }

  /// These rows' metrics less another model's on the same rows.
  func differences(_ baseline: [ScoredLog]) throws -> [MetricEstimate] {
    try estimates(against: baseline)
  }

  private func estimates(against baseline: [ScoredLog]?) throws -> [MetricEstimate] {
    guard let first else { return [] }
    let (bootstrap, classes, users) = (PairedBootstrap(), first.classes, first.users)
    // Against a constant, whose AUC is ½ in every resample.
    let constant = [Float](repeating: 0, count: first.logits.count)
    let others = baseline?.map(\.logits) ?? [constant]
    let own = map(\.logits)
    let offset = baseline == nil ? 0.5 : 0
    let auc = try known { () throws(EvaluationError) in
      try bootstrap.aucDifference(others, own, labels: classes, groups: users)
    }
    let gauc = try known { () throws(EvaluationError) in
      try bootstrap.groupedAUCDifference(others, own, labels: classes, groups: users)
    }
    func sums(_ measure: (ScoredLog) throws -> UserSums) throws -> BootstrapInterval? {
      try UserSums.difference(baseline?.map(measure) ?? [], map(measure))
    }
    let estimates = [
      MetricEstimate("AUC", auc, offset: offset), MetricEstimate("GAUC", gauc, offset: offset),
      MetricEstimate("NDCG@10", try sums { try $0.ndcg() }),
      MetricEstimate("log loss", try sums { $0.logLoss() }),
    ].compactMap { $0 }
    return try count > 1 ? estimates.map { try withTrainings($0, baseline) } : estimates
  }

  /// Adds each training's own value; a difference is that to the baseline's training of the same
  /// place, where there are as many.
  private func withTrainings(
    _ estimate: MetricEstimate, _ baseline: [ScoredLog]?
  ) throws -> MetricEstimate {
    var estimate = estimate
    let own = try map { try $0.value(of: estimate.metric) }
    guard let baseline else {
      estimate.trainings = own
      return estimate
    }
    let others = try baseline.map { try $0.value(of: estimate.metric) }
    if others.count == own.count { estimate.trainings = zip(own, others).map { $0 - $1 } }
    return estimate
  }

  private func known(
    _ interval: () throws(EvaluationError) -> BootstrapInterval
  ) throws -> BootstrapInterval? {
    do throws(EvaluationError) { return try interval() } catch  where error.code == .oneClass {
      return nil
    }
  }
}

extension ScoredLog {
  /// Share of requests without a positive label.
  var requestsWithoutPositive: Double {
    let all = Set(requests)
    let positive = Set(requests.indices.lazy.filter { labels[$0] > 0 }.map { requests[$0] })
    return 1 - Double(positive.count) / Double(max(all.count, 1))
  }

  /// Share of rows of users without both classes.
  func impressionsWithoutPair() throws -> Double {
    let paired = try userAUCs(scores: logits, labels: classes, groups: users)
    return 1 - Double(paired.reduce(0) { $0 + $1.impressions }) / Double(max(labels.count, 1))
  }

  fileprivate var classes: [Float] { labels.map { isPositive($0) ? 1 : 0 } }

  private var userCount: Int { Int(users.max() ?? -1) + 1 }

  /// A metric without its interval.
  fileprivate func value(of metric: String) throws -> Double {
    switch metric {
    case "AUC": try auc(scores: logits, labels: classes)
    case "GAUC": try groupedAUC(scores: logits, labels: classes, groups: users).value
    case "NDCG@10": try ndcg().mean
    default: logLoss().mean
    }
  }

  /// NDCG@10 of the requests with a positive label.
  fileprivate func ndcg() throws -> UserSums {
    var members: [Int32: [Int]] = [:]
    for (row, request) in requests.enumerated() { members[request, default: []].append(row) }
    let metric = NDCG(cutoff: 10)
    var result = UserSums(users: userCount)
    for rows in members.values.sorted(by: { $0[0] < $1[0] }) {
      let order = rows.sorted { a, b in
        logits[a] != logits[b] ? logits[a] > logits[b] : itemOrder[a] < itemOrder[b]
      }
      if let value = try metric(order.map { labels[$0] }) { result.add(value, of: users[rows[0]]) }
    }
    return result
  }

  fileprivate func logLoss() -> UserSums {
    var result = UserSums(users: userCount)
    for (row, user) in users.enumerated() {
      result.add(crossEntropy(logit: logits[row], label: labels[row]), of: user)
    }
    return result
  }
}

/// Sums over a user's rows or requests, and how many they are.
private struct UserSums {
  var sums: [Double]
  var counts: [Double]

  init(users: Int) {
    sums = [Double](repeating: 0, count: users)
    counts = sums
  }

  mutating func add(_ value: Double, of user: Int32) {
    sums[Int(user)] += value
    counts[Int(user)] += 1
  }

  var mean: Double { sums.reduce(0, +) / Swift.max(counts.reduce(0, +), 1) }

  /// Nil where no user has a value; without `a`, the mean of `b`.
  static func difference(_ a: [UserSums], _ b: [UserSums]) throws -> BootstrapInterval? {
    guard let counts = b.first?.counts else { return nil }
    let present = counts.indices.filter { counts[$0] > 0 }
    guard !present.isEmpty else { return nil }
    func mean(_ systems: [UserSums], _ user: Int) -> Double {
      systems.reduce(0) { $0 + $1.sums[user] } / Double(Swift.max(systems.count, 1))
    }
    return try PairedBootstrap().ratioDifference(
      present.map { mean(a, $0) }, present.map { mean(b, $0) },
      weights: present.map { counts[$0] })
  }
}
