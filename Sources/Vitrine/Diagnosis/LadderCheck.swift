import RankingEvaluation

/// The ladder's last rungs, whether the model learns and whether it learns by heart, and the verdict.
struct LadderCheck {
  /// The model on each part.
  private(set) var quality: [DiagnosisReport.PartQuality] = []
  /// Mean loss of each epoch.
  let losses: [Double]
  /// On the test rows.
  private(set) var calibration: Calibration?
  /// What the last rungs found.
  private(set) var findings: [Finding] = []
  private var margin = 0.0
  private static let known = "test, items of the training"

  init(_ subject: DiagnosisCase) throws {
    losses = subject.bundle.training.record.epochs.map(\.loss)
    for (name, rows) in [
      ("training", subject.rows.train), ("validation", subject.rows.validation),
      ("test", subject.rows.test), (Self.known, subject.knownItems(subject.rows.test)),
    ] where !rows.isEmpty {
      let scored = subject.scored(DiagnosisCase.sampled(rows))
      let measures = try LogMeasures(
        [scored], against: [],
        RankerJudgement(metrics: [.auc, .gauc, .ndcg, .logLoss, .normalizedEntropy, .pcoc, .ece]))
      quality.append(
        .init(
          part: name, rows: scored.labels.count,
          metrics: Dictionary(
            try measures.values().map { ($0.measure.name, $0.value) },
            uniquingKeysWith: { first, _ in first })))
      if name == "test" {
        calibration = try measures.calibration()
        let positives = Double(scored.classes.reduce(0, +))
        margin = aucMargin(
          positives: positives, negatives: Double(scored.labels.count) - positives)
      }
    }
    findings = [learning, overfitting, calibrationFinding].compactMap { $0 }
  }

  private func value(_ metric: String, _ part: String) -> Double? {
    quality.first { $0.part == part }?.metrics[metric]
  }

  private var learning: Finding? {
    let auc = value("AUC", "training") ?? 0.5
    let falls = losses.first.map { first in
      losses.count < 2 || (losses.min() ?? first) < first - 1e-4 * first.magnitude
    }
    guard auc < 0.55 + margin || falls == false else { return nil }
    let course =
      losses.isEmpty
      ? "" : " The loss goes from \(readable(losses[0])) to \(readable(losses[losses.count - 1]))."
    return Finding(
      .high, .model, "The model does not learn the training rows",
      "AUC on them is \(readable(auc)).\(course)",
      remedy: "Try a larger and a smaller learning rate, more epochs, a simpler model; if none"
        + " learns, the features say nothing about the label.")
  }

  /// New items are no fault of the model: the gap that counts is that on items it has met.
  private var overfitting: Finding? {
    guard let train = value("AUC", "training"), let all = value("AUC", "test") else { return nil }
    let test = max(all, value("AUC", Self.known) ?? all)
    guard train - test > 0.05 + margin else { return nil }
    return Finding(
      train - test > 0.1 ? .high : .medium, .model,
      "The model knows the training rows far better than the test rows",
      "AUC \(readable(train)) on the training rows, \(readable(test)) on the test rows"
        + (test > all ? " of items that training knows." : "."),
      remedy: "Fewer or rarer ids (minimum_count), a smaller model, dropout, weight decay, or fewer"
        + " epochs; more data is best.")
  }

  private var calibrationFinding: Finding? {
    guard let ratio = value("PCOC", "test"), !(0.7...1.4).contains(ratio) else { return nil }
    return Finding(
      .low, .model, "Predictions on the test rows are \(ratio > 1 ? "too high" : "too low")",
      "They sum to \(readable(ratio)) times the labels.",
      remedy: "Calibrate on recent rows before products of probabilities; the order of items is not"
        + " touched by it.")
  }

  /// Climbs the ladder.
  func verdict(_ findings: [Finding]) -> DiagnosisReport.Verdict {
    func first(_ kinds: Finding.Kind..., where holds: (Finding) -> Bool = { $0.weight == .high })
      -> Finding?
    {
      findings.first { kinds.contains($0.kind) && holds($0) }
    }
    if let data = first(.data) {
      return .init(rung: .data, sentence: "Mend the data first: \(data.title).")
    }
    if let leak = first(.leakage, .skew) {
      return .init(
        rung: .leakOrSkew,
        sentence: "Offline numbers cannot be trusted: \(leak.title).")
    }
    if let model = first(.model, where: { $0.title.hasPrefix("The model does not learn") }) {
      return .init(
        rung: .model,
        sentence: "The data looks right, so it is the model or its training: "
          + "\(model.title).")
    }
    if let drift = first(.drift) {
      return .init(
        rung: .drift,
        sentence: "Training and test are not of one world: \(drift.title).")
    }
    if overfitting != nil {
      return .init(
        rung: .overfitting,
        sentence: "Good on the training rows, bad on the test rows: the model learns by heart.")
    }
    if let train = value("AUC", "training"), let test = value("AUC", "test"),
      train - test > 0.05 + margin
    {
      return .init(
        rung: .drift,
        sentence: "The test rows are worse because they show items that training never saw.")
    }
    return .init(
      rung: .sound,
      sentence: findings.isEmpty
        ? "Nothing was found." : "Nothing that stands in the way was found.")
  }
}
