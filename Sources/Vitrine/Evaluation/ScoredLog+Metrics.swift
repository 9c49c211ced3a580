import Foundation
import RankingData
import RankingEvaluation

extension ScoredLog {
  /// The metrics with their intervals. AUC and GAUC need labels of both kinds, and are left out
  /// where there are none.
  func metrics() throws -> [MetricEstimate] {
    // Against a constant, whose AUC is ½ in every resample.
    let constant = [Float](repeating: 0, count: logits.count)
    return try areas(against: constant, offset: 0.5)
      + [
        MetricEstimate("NDCG@10", Self.difference(nil, ndcg())),
        MetricEstimate("log loss", Self.difference(nil, logLoss())),
      ].compactMap { $0 }
  }

  /// These rows' metrics less another model's on the same rows.
  func differences(_ baseline: ScoredLog) throws -> [MetricEstimate] {
    try areas(against: baseline.logits)
      + [
        MetricEstimate("NDCG@10", Self.difference(baseline.ndcg(), ndcg())),
        MetricEstimate("log loss", Self.difference(baseline.logLoss(), logLoss())),
      ].compactMap { $0 }
  }

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

  private var classes: [Float] { labels.map { isPositive($0) ? 1 : 0 } }

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
  }

  private var userCount: Int { Int(users.max() ?? -1) + 1 }

  /// Nil where no user has a value.
  private static func difference(_ a: UserSums?, _ b: UserSums) throws -> BootstrapInterval? {
    let present = b.counts.indices.filter { b.counts[$0] > 0 }
    guard !present.isEmpty else { return nil }
    return try PairedBootstrap().ratioDifference(
      present.map { a?.sums[$0] ?? 0 }, present.map { b.sums[$0] },
      weights: present.map { b.counts[$0] })
  }

  private func areas(
    against other: [Float], offset: Double = 0
  ) throws -> [MetricEstimate] {
    let (bootstrap, classes) = (PairedBootstrap(), classes)
    func known(_ interval: () throws(EvaluationError) -> BootstrapInterval) throws
      -> BootstrapInterval?
    {
      do throws(EvaluationError) { return try interval() } catch  where error.code == .oneClass {
        return nil
      }
    }
    let auc = try known { () throws(EvaluationError) in
      try bootstrap.aucDifference(other, logits, labels: classes, groups: users)
    }
    let gauc = try known { () throws(EvaluationError) in
      try bootstrap.groupedAUCDifference(other, logits, labels: classes, groups: users)
    }
    return [
      MetricEstimate("AUC", auc, offset: offset), MetricEstimate("GAUC", gauc, offset: offset),
    ].compactMap { $0 }
  }

  /// NDCG@10 of the requests with a positive label.
  private func ndcg() throws -> UserSums {
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

  private func logLoss() -> UserSums {
    var result = UserSums(users: userCount)
    for (row, user) in users.enumerated() {
      result.add(crossEntropy(logit: logits[row], label: labels[row]), of: user)
    }
    return result
  }
}
