import Foundation

/// How a search ended.
public struct TuningSummary: Sendable, Codable {
  /// What trials were judged by, on the validation rows; higher is better.
  public var metric: String
  /// All that were finished, in order.
  public var trials: [Trial]
  /// The winner.
  public var best: Trial
  /// What it reaches on the test rows; nil where they were not scored.
  public var test: RankerReport?
}

extension Tuning {
  /// What trials are judged by; higher is better.
  var metric: String {
    guard case .ranker(_, let training, _) = file.task else { return "score" }
    return training.monitor == .logLoss ? "negative log loss" : training.monitor.rawValue
  }

  /// Writes the results, and scores the test rows unless this winner's are there already.
  func finish(_ trials: [Trial], output: String, judgesTest: Bool) throws -> TuningSummary {
    let last = rungs.count - 1
    let best = trials.filter { $0.rung == last }.reduce(nil as Trial?) { best, trial in
      trial.isBetter(than: best) ? trial : best
    }
    guard let best else { preconditionFailure("a search ends with a winner") }
    try BundleFolder.write(Data(table(trials).utf8), to: "\(output)/results.csv")
    try BundleFolder.write(Data(candidates[best.trial].yaml.utf8), to: "\(output)/best.yaml")
    try BundleFolder.write(
      Data(SearchPicture(trials: trials, winner: best, metric: metric).drawing().svg().utf8),
      to: "\(output)/search.svg")
    var summary = TuningSummary(metric: metric, trials: trials, best: best, test: nil)
    if judgesTest {
      struct Verdict: Codable {
        var trial: Trial
        var report: RankerReport
      }
      let path = "\(output)/test.json"
      if let earlier = try? JSONFile.read(Verdict.self, from: path), earlier.trial == best {
        summary.test = earlier.report
      } else {
        let report = try RankerJudge(file, part: .test).report(model: "\(output)/best")
        try JSONFile.write(Verdict(trial: best, report: report), to: path)
        summary.test = report
      }
    }
    return summary
  }

  /// One line a trial and rung, quoted as RFC 4180 has it.
  private func table(_ trials: [Trial]) -> String {
    let keys = Set(trials.flatMap(\.values.keys)).sorted()
    func quoted(_ text: String) -> String {
      text.contains { ",\"\n".contains($0) }
        ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
    }
    var lines = [(["trial", "rung", metric, "epoch", "seconds", "failure"] + keys).map(quoted)]
    for trial in trials {
      let cells = [
        "\(trial.trial)", "\(trial.rung)", trial.score.map { "\($0)" } ?? "",
        trial.epoch.map { "\($0)" } ?? "", "\((trial.seconds * 1000).rounded() / 1000)",
        trial.failure ?? "",
      ]
      lines.append((cells + keys.map { trial.values[$0] ?? "" }).map(quoted))
    }
    return lines.map { $0.joined(separator: ",") + "\n" }.joined()
  }
}
