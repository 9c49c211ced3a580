import Foundation
import RankingEvaluation
import Testing

private let measuringFolder = ProcessInfo.processInfo.environment["VITRINE_MEASURE"]

/// Numbers for the documentation, not a check; `tools/benchmarks/metrics` runs it. The rows are left
/// in the folder, as plain little-endian numbers, for its peers.
@Suite(.serialized, .enabled(if: measuringFolder != nil, "set VITRINE_MEASURE to a folder"))
struct MetricMeasurements {
  /// All rows, and as many as slow peers can be given.
  @Test(arguments: [10_000_000, 400_000])
  func rows(count: Int) throws {
    var state: UInt64 = 1
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    // Rounded, so that there are ties.
    let scores = (0..<count).map { _ in Float(next() % 100_000) / 100_000 }
    let labels = scores.map { Float(next() % 100_000) / 100_000 < $0 * 0.2 ? Float(1) : 0 }
    let users = (0..<count).map { _ in Int32(next() % UInt64(count / 20)) }
    let requests = (0..<count).map { Int32($0 / 20) }
    try write(scores, "scores-\(count)")
    try write(labels, "labels-\(count)")
    try write(users, "users-\(count)")

    func report(_ name: String, _ body: () throws -> Double) rethrows {
      let start = ContinuousClock.now
      let value = try body()
      print("measured: \(name) \(count) \(start.duration(to: .now) / .seconds(1)) \(value)")
    }
    try report("auc") { try auc(scores: scores, labels: labels) }
    try report("pr_auc") { try precisionRecallAUC(scores: scores, labels: labels) }
    try report("gauc") { try groupedAUC(scores: scores, labels: labels, groups: users).value }
    try report("ndcg@10") {
      NDCG(cutoff: 10).mean(
        try RankedRequests(scores: scores, labels: labels, requests: requests)
      ).value
    }
  }

  private func write<Value>(_ values: [Value], _ name: String) throws {
    let data = values.withUnsafeBytes { Data($0) }
    try data.write(to: URL(fileURLWithPath: "\(measuringFolder ?? "")/\(name)"))
  }
}
