import RankingData
import RankingEvaluation

/// The values of a scene column, one by one: pooled training serves the largest best, and a small one
/// that wants something else pays for it.
struct SceneCheck {
  private let subject: DiagnosisCase
  private let column: String

  init(_ subject: DiagnosisCase, column: String) {
    self.subject = subject
    self.column = column
  }

  func run() throws -> ([DiagnosisReport.Scene], [Finding]) {
    let values = try subject.log.text(column)
    let test = DiagnosisCase.sampled(subject.rows.test)
    let scored = subject.scored(test)
    let judgement = RankerJudgement(metrics: [.auc, .gauc, .pcoc, .ndcg])
    let groups = try GroupJudgement(column: values, rows: test, judgement: judgement)
      .groups([scored])
    let train = subject.rows.train.map { values.codes[Int($0)] }
    var shares: [String: Double] = [:]
    for part in try GroupRows.parts(of: train, limit: .max) {
      if let code = part.code {
        shares[values.values[Int(code)]] = Double(part.rows.count) / Double(train.count)
      }
    }
    let listed = groups.compactMap(\.value).reduce(0) { $0 + (shares[$1] ?? 0) }
    let scenes = groups.map { group in
      DiagnosisReport.Scene(
        value: group.value, trainShare: group.value.map { shares[$0] ?? 0 } ?? 1 - listed,
        testShare: group.share, metrics: group.metrics)
    }
    let whole = try LogMeasures([scored], against: [], judgement).values()
    let pooled = Dictionary(
      whole.map { ($0.measure.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    let codes = test.map { values.codes[Int($0)] }
    let parts = try GroupRows.parts(of: codes)
    return (
      scenes,
      zip(scenes, parts).compactMap { scene, part in
        finding(scene, scored.selecting(part.rows), pooled)
      }
    )
  }

  private func finding(
    _ scene: DiagnosisReport.Scene, _ log: ScoredLog, _ pooled: [String: Double]
  ) -> Finding? {
    let positives = Double(log.classes.reduce(0, +))
    let name = scene.value.map { "\(column) \"\($0)\"" } ?? "the rarer values of \(column)"
    let margin = aucMargin(positives: positives, negatives: Double(log.labels.count) - positives)
    for metric in ["GAUC", "AUC"] {
      guard let own = scene.metrics[metric], let all = pooled[metric] else { continue }
      // One margin for the scene, one for what it is compared with.
      guard all - own > max(0.03, 2 * margin) else { break }
      return Finding(
        .medium, .scene, "\(name) is ranked worse than the rest",
        "\(metric) \(readable(own)) against \(readable(all)) over all, with"
          + " \(percent(scene.testShare)) of the test rows and \(percent(scene.trainShare)) of the"
          + " training rows.",
        remedy: "Give the model \(column) as a feature and in crosses, weight its rows up (share to"
          + " the power of 0.5), or fine-tune on it.")
    }
    if let ratio = scene.metrics["PCOC"], positives > 0 {
      let deviation = 1 / positives.squareRoot()
      guard (ratio - 1).magnitude > max(0.2, 4 * deviation) else { return nil }
      return Finding(
        .medium, .scene, "Predictions for \(name) are \(ratio > 1 ? "too high" : "too low")",
        "They sum to \(readable(ratio)) times the labels, with \(percent(scene.testShare)) of the"
          + " test rows.",
        remedy: "Give the model \(column) as a feature, or calibrate each value by itself.")
    }
    return nil
  }
}
