import Foundation
import RankingData

/// A log of what was served, against the log that models are trained and judged on: features as they
/// were logged in serving, and scores as they were given.
struct ServedCheck {
  private let subject: DiagnosisCase
  private let path: String

  init(_ subject: DiagnosisCase, path: String) {
    self.subject = subject
    self.path = path
  }

  func run() throws -> (replay: DiagnosisReport.Replay, findings: [Finding]) {
    let log = subject.log
    var reader = try JSONLinesReader<RankingRequest>(path: path)
    let ranker = RequestRanker(subject.bundle, catalogue: log.catalogue)
    var comparison = BatchComparison(subject.compiled.layout)
    let rowsOfRequest = rowsOfRequest()
    var (count, unmatched, candidates, difference) = (0, 0, 0, 0.0)
    while let request = try reader.next() {
      count += 1
      for (item, score) in zip(request.items, ranker.scores(of: request)) {
        guard let given = item.score else { continue }
        candidates += 1
        difference = max(difference, (given - Double(score)).magnitude)
      }
      guard let rows = rowsOfRequest[request.id] else {
        unmatched += 1
        continue
      }
      let places = Dictionary(
        rows.enumerated().map { (log.items[Int($1)], $0) }, uniquingKeysWith: { first, _ in first })
      let pairs = request.items.enumerated().compactMap { served, item in
        places[item.id].map { ($0, served) }
      }
      comparison.add(
        subject.compiled.batch(rows), subject.batch(for: request), pairs: pairs)
    }
    guard count > 0 else {
      throw VitrineError("\(path): there are no requests", remedy: "Pass a log of served requests.")
    }
    let replay = DiagnosisReport.Replay(
      requests: count, candidates: candidates, unmatched: unmatched,
      mismatch: comparison.mismatch, scoreDifference: difference, features: comparison.fields)
    var findings = ReplayCheck.findings(replay, "Served requests", "the log")
    if unmatched == count {
      findings.append(
        Finding(
          .low, .skew, "None of the served requests is in the log",
          "\(count) requests could not be compared with their rows.",
          remedy: "Log the request's id with its impressions, and diagnose on that log."))
    }
    return (replay, findings)
  }

  private func rowsOfRequest() -> [String: [Int32]] {
    let requests = subject.log.requests
    var byCode = [[Int32]](repeating: [], count: requests.values.count)
    for row in 0..<Int32(subject.log.count) { byCode[Int(requests.codes[Int(row)])].append(row) }
    return Dictionary(
      byCode.enumerated().map { (requests.values[$0], $1) }, uniquingKeysWith: { first, _ in first }
    )
  }
}
