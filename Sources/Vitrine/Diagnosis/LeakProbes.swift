import Foundation
import RankingData
import RankingEvaluation

/// Probes for features that know what came later: labels dealt anew must be unpredictable, later
/// events must change nothing earlier, no number may be a date after its row, and the model must not
/// live on what happened a moment ago.
struct LeakProbes {
  let subject: DiagnosisCase
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

  typealias Outcome = (DiagnosisReport.Probe, Finding?)?

  /// With labels dealt to other rows there is nothing to learn, so whatever is learnt came through a
  /// feature that was made of a row's own label.
  private func permutedLabels() throws -> Outcome {
    var random = SeededRandom(seed: subject.seed)
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
    var random = SeededRandom(seed: subject.seed)
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
}
