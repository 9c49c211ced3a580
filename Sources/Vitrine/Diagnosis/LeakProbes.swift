import Foundation
import RankingData
import RankingEvaluation

/// Probes for features that know what came later: labels dealt anew must be unpredictable, later
/// events must change nothing earlier, no number may be a date after its row, and the model must not
/// live on what happened a moment ago.
struct LeakProbes {
  private let subject: DiagnosisCase
  private static let sample = 30_000

  init(_ subject: DiagnosisCase) { self.subject = subject }

  func run() throws -> ([DiagnosisReport.Probe], [Finding]) {
    var probes: [DiagnosisReport.Probe] = []
    var findings: [Finding] = []
    for probe in [permutedLabels, laterEvents, lateDates, delay] {
      guard let (result, finding) = try probe() else { continue }
      probes.append(result)
      if let finding { findings.append(finding) }
    }
    return (probes, findings)
  }

  private typealias Outcome = (DiagnosisReport.Probe, Finding?)?

  /// With labels dealt to other rows there is nothing to learn, so whatever is learnt came through a
  /// feature that was made of a row's own label.
  private func permutedLabels() throws -> Outcome {
    var random = SplitMix(seed: subject.seed)
    let permuted = subject.log.relabelled(Array(subject.log.labels).shuffled(using: &random))
    var schema = subject.schema
    schema.visual = VisualFields()
    guard schema.hasFeatures || !schema.counters.isEmpty else { return nil }
    let transform = try FeatureTransform.fit(permuted, schema: schema, rows: subject.rows.train)
    let compiled = try CompiledLog(permuted, transform: transform, training: subject.rows.train)
    func batch(_ rows: [Int32]) -> RankingBatch {
      var batch = compiled.batch(DiagnosisCase.sampled(rows, Self.sample))
      batch.labels = batch.labels.map { isPositive($0) ? 1 : 0 }
      return batch
    }
    let judged = batch(subject.rows.test)
    let classifier = try ProbeClassifier(
      batch(subject.rows.train), transform.layout, seed: subject.seed)
    let auc = try classifier.auc(judged)
    let positives = Double(judged.labels.reduce(0, +))
    let margin = 2 * aucMargin(positives: positives, negatives: Double(judged.count) - positives)
    let passed = (auc - 0.5).magnitude < max(0.02, margin)
    return (
      .init(
        name: "labels dealt to other rows are unpredictable", result: "AUC \(readable(auc))",
        passed: passed),
      passed
        ? nil
        : Finding(
          .high, .leakage, "Labels that were dealt to other rows can be predicted",
          "A logistic regression trained and judged on permuted labels reaches AUC"
            + " \(readable(auc)), where 0.5 ± \(readable(margin)) is chance.",
          remedy: "A feature is made of the label of its own row. Compute rates and histories from"
            + " strictly earlier rows only.")
    )
  }

  /// Rows up to a moment must see the same history and the same counts, whatever comes after it.
  private func laterEvents() throws -> Outcome {
    let (log, schema) = (subject.log, subject.schema)
    let limit = schema.historyLimit
    guard schema.timestamp != nil, limit > 0 || !schema.counters.isEmpty else { return nil }
    let times = subject.rows.train.map { log.timestamps[Int($0)] }.sorted()
    let moment = times[times.count / 2]
    let later = (0..<log.count).filter { log.timestamps[$0] >= moment }
    var random = SplitMix(seed: subject.seed)
    var labels = Array(log.labels)
    for (row, label) in zip(later, later.map { labels[$0] }.shuffled(using: &random)) {
      labels[row] = label
    }
    let shuffled = log.relabelled(labels)
    let earlier = DiagnosisCase.sampled(
      subject.rows.train.filter { log.timestamps[Int($0)] <= moment }, 5000)
    var changed = earlier.count {
      log.history(before: $0, limit: limit) != shuffled.history(before: $0, limit: limit)
    }
    if !schema.counters.isEmpty {
      let (a, b) = (try counters(log, earlier), try counters(shuffled, earlier))
      let width = a.count / max(earlier.count, 1)
      changed += earlier.indices.count { row in
        a[row * width..<(row + 1) * width] != b[row * width..<(row + 1) * width]
      }
    }
    return (
      .init(
        name: "later events change no history and no count",
        result: "\(changed) of \(earlier.count) rows changed", passed: changed == 0),
      changed == 0
        ? nil
        : Finding(
          .high, .leakage, "Histories or counts know later events",
          "\(changed) of \(earlier.count) rows changed when labels at or after them were shuffled.",
          remedy: "This is a fault of the toolkit: report it, and leave out those features.")
    )
  }

  /// Counters as they are, unscaled: a scale is fitted to all training rows.
  private func counters(_ log: ImpressionLog, _ rows: [Int32]) throws -> [Float] {
    var schema = subject.schema
    schema.categorical = []
    schema.multiValued = []
    schema.crosses = []
    schema.visual = VisualFields()
    for index in schema.counters.indices { schema.counters[index].transform = .none }
    let keys = Set(schema.counters.flatMap { $0.by + $0.fallback })
    schema.numeric.removeAll { $0.buckets == nil || !keys.contains($0.name) }
    let transform = try FeatureTransform.fit(log, schema: schema, rows: subject.rows.train)
    return try CompiledLog(log, transform: transform, training: subject.rows.train).batch(rows)
      .numeric
  }

  /// Numbers that are dates must not lie after the row that carries them.
  private func lateDates() throws -> Outcome {
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
  private func delay() throws -> Outcome {
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
