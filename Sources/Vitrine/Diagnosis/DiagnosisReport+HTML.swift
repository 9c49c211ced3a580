import Foundation

extension DiagnosisReport {
  /// The report as a page that opens in any browser: one file, light and dark.
  public func html(title: String) -> String {
    var page = HTMLReport(title: "Diagnosis of \(title)", subtitle: verdict.sentence)
    page.heading("Findings")
    if findings.isEmpty { page.paragraph("Nothing was found.") }
    for finding in findings {
      page.box(
        finding.weight.rawValue, finding.title,
        [finding.evidence, "What to do: \(finding.remedy)"])
    }
    addQuality(to: &page)
    addData(to: &page)
    addDrift(to: &page)
    addLeakage(to: &page)
    addSkew(to: &page)
    addScenes(to: &page)
    return page.html()
  }

  private static let metrics = ["AUC", "GAUC", "NDCG@10", "log loss", "NE", "PCOC", "ECE"]

  private func addQuality(to page: inout HTMLReport) {
    page.heading("Training against test")
    let names = Self.metrics.filter { name in quality.contains { $0.metrics[name] != nil } }
    page.table(
      ["part", "rows"] + names,
      quality.map { part in
        [part.part, "\(part.rows)"] + names.map { part.metrics[$0].map(readable) ?? "" }
      })
    if losses.count > 1 {
      page.figure(
        LineChart(
          title: "Training loss by epoch", horizontal: "epoch", vertical: "loss",
          series: [
            .init("loss", losses.enumerated().map { (Double($0.offset + 1), $0.element) })
          ], counts: true
        ).drawing())
    }
    if let calibration {
      page.figure(
        ReliabilityChart(
          title: "Predicted and observed rates of the test rows, by bins of equal mass",
          series: [("test", calibration)]
        ).drawing())
    }
  }

  private func addData(to page: inout HTMLReport) {
    page.heading("Data")
    page.table(
      ["part", "rows", "positive labels"],
      data.parts.map { [$0.name, "\($0.rows)", percent($0.positives)] })
    if let share = data.topItemShare {
      page.paragraph(
        "The most clicked hundredth of the items has \(percent(share)) of the training positives"
          + (data.itemGini.map { " (Gini \(readable($0)) over items)." } ?? "."))
    }
    if let share = data.alwaysPositive {
      page.paragraph(
        "\(percent(share)) of the training positives are of items that were never logged without"
          + " one.")
    }
    if let share = data.duplicates {
      page.paragraph("\(percent(share)) of the rows show an item their request has shown already.")
    }
  }

  private func addDrift(to page: inout HTMLReport) {
    page.heading("Drift from training to test")
    let moving = drift.filter { !$0.growsByItself && !$0.isIdentity }.prefix(20)
    if !moving.isEmpty {
      page.figure(
        BarChart(
          title: "Population stability index: below 0.1 is stable, above 0.25 large",
          labels: moving.map(\.feature), series: [.init("PSI", moving.map(\.psi))],
          limits: [(0.1, "0.1"), (0.25, "0.25")]
        ).drawing())
    }
    page.table(
      ["feature", "PSI", "chance below", "KS", "new ids", "missing", ""],
      drift.map { feature in
        [
          feature.feature, readable(feature.psi), readable(feature.noise),
          feature.ks.map(readable) ?? "", feature.new.map(percent) ?? "",
          feature.missing.map(percent).joined(separator: " → "),
          feature.isIdentity ? "id" : feature.growsByItself ? "grows by itself" : "",
        ]
      })
    for feature in moving.filter({ $0.psi - $0.noise > 0.1 }).prefix(6) {
      page.figure(
        HistogramChart(
          title: "\(feature.feature): training and test", bins: feature.bins.map(\.name),
          samples: [
            ("training", feature.bins.map(\.train)), ("test", feature.bins.map(\.test)),
          ]
        ).drawing())
    }
    guard let adversarial else { return }
    page.paragraph(
      "A classifier tells training rows from test rows with AUC \(readable(adversarial.auc))"
        + " ± \(readable(adversarial.margin)): below 0.55 is fine, above 0.7 is not.")
    let carriers = adversarial.carriers.filter { $0.loss > 0.002 }.prefix(10)
    if !carriers.isEmpty {
      page.figure(
        BarChart(
          title: "What the classifier goes by: AUC lost when a feature is shuffled",
          labels: carriers.map(\.feature), series: [.init("AUC lost", carriers.map(\.loss))]
        ).drawing())
    }
  }

  private func addLeakage(to page: inout HTMLReport) {
    page.heading("Leaks")
    page.table(
      ["probe", "result", ""], probes.map { [$0.name, $0.result, $0.passed ? "well" : "not well"] })
    let single = singleFeatures.prefix(20)
    guard !single.isEmpty else { return }
    page.figure(
      BarChart(
        title: "AUC of each feature alone on the test rows", labels: single.map(\.feature),
        series: [.init("AUC", single.map(\.auc))], limits: [(0.5, "0.5"), (0.9, "0.9")]
      ).drawing())
  }

  private func addSkew(to page: inout HTMLReport) {
    page.heading("Training against serving")
    for (name, replay) in [
      ("requests of the log, replayed", replay), ("requests as served", served),
    ] {
      guard let replay else { continue }
      page.paragraph(
        "\(replay.requests) \(name), \(replay.candidates) candidates: \(percent(replay.mismatch)) of"
          + " the feature values differ, the largest difference of a score is"
          + " \(readable(replay.scoreDifference))"
          + (replay.unmatched > 0 ? "; \(replay.unmatched) are not in the log." : "."))
      if !replay.features.isEmpty {
        page.table(
          ["feature", "values that differ"],
          replay.features.map { [$0.feature, percent($0.share)] })
      }
    }
  }

  private func addScenes(to page: inout HTMLReport) {
    guard !scenes.isEmpty else { return }
    page.heading("Scenes")
    let names = ["AUC", "GAUC", "NDCG@10", "PCOC"].filter { name in
      scenes.contains { $0.metrics[name] != nil }
    }
    page.table(
      ["scene", "training rows", "test rows"] + names,
      scenes.map { scene in
        [scene.value ?? "all others", percent(scene.trainShare), percent(scene.testShare)]
          + names.map { scene.metrics[$0].map(readable) ?? "" }
      })
  }
}
