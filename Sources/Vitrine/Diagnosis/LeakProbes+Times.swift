import RankingData
import RankingEvaluation

extension LeakProbes {
  /// Numbers that are dates must not lie after the row that carries them.
  func lateDates() throws -> Outcome {
    let log = subject.log
    guard subject.schema.timestamp != nil else { return nil }
    let rows = DiagnosisCase.sampled(subject.rows.train + subject.rows.test)
    let times = rows.map { Double(log.timestamps[Int($0)]) }
    guard let first = times.min(), let last = times.max(), first > 1e8 else { return nil }
    let year = 31_557_600.0
    var late: [(name: String, share: Double)] = []
    var dates = 0
    for feature in subject.features where !feature.isIdentity {
      guard case .numbers(let column) = feature.source else { continue }
      let known = rows.indices.filter { !column[Int(rows[$0])].isNaN }
      let plausible = known.count {
        (first - 20 * year...last + year).contains(column[Int(rows[$0])])
      }
      guard known.count > 10, Double(plausible) > 0.9 * Double(known.count) else { continue }
      dates += 1
      let after = known.count { column[Int(rows[$0])] > times[$0] }
      let share = Double(after) / Double(known.count)
      if share > 0.001 { late.append((feature.name, share)) }
    }
    guard dates > 0 else { return nil }
    let named = late.map { "\($0.name) (\(percent($0.share)))" }.joined(separator: ", ")
    return (
      .init(
        name: "no date lies after its row",
        result: late.isEmpty ? "\(dates) columns of dates" : named, passed: late.isEmpty),
      late.isEmpty
        ? nil
        : Finding(
          .high, .leakage, "Features are dated after the impression that carries them",
          "Share of the rows that carry a later date: \(named).",
          remedy: "Join the value that was available before the impression, or remove the column.")
    )
  }

  /// The test rows once more with histories that end an hour earlier. Where quality hangs on the
  /// last hour, a pipeline that is an hour late loses it.
  func delay() throws -> Outcome {
    guard subject.schema.timestamp != nil, subject.schema.historyLimit > 0 else { return nil }
    let requests = try subject.testRequests(limit: 2000)
    let ranker = RequestRanker(subject.bundle, catalogue: subject.log.catalogue)
    var (now, late, labels) = ([Float](), [Float](), [Float]())
    for logged in requests {
      var delayed = logged.request
      guard let time = delayed.timestamp else { continue }
      delayed.history.removeAll { ($0.timestamp ?? time) >= time - 3600 }
      now += ranker.scores(of: logged.request)
      late += ranker.scores(of: delayed)
      labels += logged.labels.map { isPositive($0) ? 1 : 0 }
    }
    guard Set(labels).count == 2 else { return nil }
    let (before, after) = (
      try auc(scores: now, labels: labels), try auc(scores: late, labels: labels)
    )
    let loss = before - after
    let positives = Double(labels.reduce(0, +))
    let margin = aucMargin(positives: positives, negatives: Double(labels.count) - positives)
    let passed = loss < max(0.03, margin)
    return (
      .init(
        name: "histories an hour late cost little",
        result: "AUC \(readable(before)) becomes \(readable(after))", passed: passed),
      passed
        ? nil
        : Finding(
          .medium, .leakage, "Quality hangs on what happened within the last hour",
          "With histories that end an hour earlier, AUC falls from \(readable(before)) to"
            + " \(readable(after)).",
          remedy: "Make sure that events reach the histories in serving as fast as they do offline,"
            + " or train with the delay that serving has.")
    )
  }
}
