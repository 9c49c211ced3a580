import Foundation
import RankingData

/// Requests made of the test rows, through the very path that serves them, against the rows as
/// training and evaluation see them.
struct ReplayCheck {
  private let subject: DiagnosisCase

  /// The most that may differ: a share of the values, and a score.
  static let mismatchLimit = 0.001
  static let scoreLimit = 1e-5

  init(_ subject: DiagnosisCase) { self.subject = subject }

  func run() throws -> (DiagnosisReport.Replay?, [Finding]) {
    let requests = try subject.testRequests(limit: 2000)
    let ranker = RequestRanker(subject.bundle, catalogue: subject.log.catalogue)
    var comparison = BatchComparison(subject.compiled.layout)
    var (difference, candidates) = (0.0, 0)
    for logged in requests {
      // As it comes over the wire.
      let request = try RankingRequest(json: Array(logged.request.json().utf8))
      let offline = subject.compiled.batch(logged.rows)
      let online = subject.batch(for: request)
      comparison.add(offline, online, pairs: logged.rows.indices.map { ($0, $0) })
      let scores = subject.shown(subject.bundle.scores(of: offline))
      for (a, b) in zip(scores, ranker.scores(of: request)) {
        difference = max(difference, Double((a - b).magnitude))
      }
      candidates += logged.rows.count
    }
    let replay = DiagnosisReport.Replay(
      requests: requests.count, candidates: candidates, unmatched: 0,
      mismatch: comparison.mismatch, scoreDifference: difference, features: comparison.fields)
    return (replay, Self.findings(replay, "Replayed requests", "the rows of the log"))
  }

  static func findings(
    _ replay: DiagnosisReport.Replay, _ what: String, _ other: String
  ) -> [Finding] {
    var findings: [Finding] = []
    if replay.mismatch > mismatchLimit {
      let named = replay.features.prefix(5).map { "\($0.feature) (\(percent($0.share)))" }
        .joined(separator: ", ")
      findings.append(
        Finding(
          .high, .skew, "\(what) have other features than \(other)",
          "\(percent(replay.mismatch)) of the values differ, where 0.1 % is the limit: \(named).",
          remedy: "Compute these features by the same code in both places: same unit, same default"
            + " for what is missing, same moment."))
    }
    if replay.scoreDifference > scoreLimit {
      findings.append(
        Finding(
          .high, .skew, "\(what) have other scores",
          "The largest difference is \(readable(replay.scoreDifference)), where 0.00001 is the"
            + " limit, over \(replay.candidates) candidates.",
          remedy: "Check that the same bundle, feature cache and catalogue serve."))
    }
    return findings
  }
}

extension DiagnosisCase {
  /// Some requests of the test part, whole, at equal distances.
  func testRequests(limit: Int) throws -> [LoggedRequest] {
    let codes = log.requests.codes
    var seen: Set<Int32> = []
    let requests = rows.test.map { codes[Int($0)] }.filter { seen.insert($0).inserted }
    let chosen = Set(Self.sampled(requests, limit))
    return try log.loggedRequests(rows: rows.test.filter { chosen.contains(codes[Int($0)]) })
  }

  /// A request as serving reads it.
  func batch(for request: RankingRequest) -> RankingBatch {
    bundle.transform.batch(
      for: request, visual: bundle.readsVisualFeatures ? bundle.features?.table : nil,
      catalogue: log.catalogue)
  }

  /// Scores as answers show them.
  func shown(_ scores: [Float]) -> [Float] {
    scores.map(bundle.output.shown)
  }
}
