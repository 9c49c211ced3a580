import FileSupport
import Foundation
import Testing
import Vitrine

/// Drawn negatives, thinned ones and calibrations, from the configuration to what `rank` shows.
@Suite struct NegativeTrainingTests {
  private let shop: SmallShop
  private let folder: TemporaryFolder

  init() throws {
    shop = try SmallShop.shared.get()
    folder = try TemporaryFolder()
  }

  private func configuration(
    _ negatives: String, model: String = "{kind: deepfm, width: 4, hidden: [8]}",
    training: String = "{epochs: 3, batch_size: 256, learning_rate: 0.003, seed: 2}"
  ) -> String {
    shop.configuration(visual: false, model: model, training: training)
      .replacingOccurrences(
        of: "split: {", with: "\(negatives.isEmpty ? "" : "negatives: \(negatives), ")split: {")
  }

  private func report(_ configuration: String, _ model: String) throws -> RankerReport {
    try RankerJudge(shop.file(configuration), part: .test).report(model: folder(model))
  }

  private func value(_ metric: String, of report: RankerReport) throws -> Double {
    try #require(report.metrics.first { $0.metric == metric }?.value)
  }

  @Test func aTrainingSaysHowWellEachKindIsTold() throws {
    var lines: [String] = []
    let summary = try shop.train(
      configuration("{exposed: 7, random: 2, popular: 1}"), output: folder("model")
    ) { lines.append($0) }
    #expect(lines.contains { $0.contains("negatives:") && $0.contains("random") }, "\(lines)")
    for source in ["exposed", "random", "popular"] {
      let auc = try #require(summary.metrics["validation_auc_\(source)"])
      #expect((0.4...1).contains(auc), "\(source)")
    }
    let plain = try shop.train(configuration(""), output: folder("plain"))
    #expect(summary.examples > plain.examples)
  }

  /// A model that saw a tenth of the negatives overrates clicks ten times, unless that is undone.
  @Test func thinnedNegativesDoNotRaiseProbabilities() throws {
    let plan = configuration(
      "{keep: 0.1, random: 0, popular: 0}",
      training: "{epochs: 6, batch_size: 64, learning_rate: 0.01, seed: 2, monitor: log_loss}")
    _ = try shop.train(plan, output: folder("thin"))
    let bundle = try RankerBundle(path: folder("thin"))
    guard case .baseRate = bundle.calibration else {
      Issue.record("\(bundle.calibration)")
      return
    }
    let ratio = try value("PCOC", of: report(plan, "thin"))
    #expect((0.6...1.6).contains(ratio), "\(ratio)")
  }

  /// A product of probabilities stays one where that of the click is put right.
  @Test func thinnedNegativesLeaveProductsRight() throws {
    let plan = configuration(
      "{keep: 0.2, random: 0, popular: 0}",
      model: "{kind: esmm, width: 4, hidden: [8], score: {click: 1, purchase: 1}}",
      training: "{epochs: 4, batch_size: 64, learning_rate: 0.01, seed: 2, monitor: auc}"
    ).replacingOccurrences(of: "schema:", with: "schema:\n  tasks: [purchase]")
    _ = try shop.train(plan, output: folder("thin"))
    let found = try report(plan, "thin")
    for task in found.tasks where task.task != "purchase" {
      let ratio = try #require(task.metrics.first { $0.metric == "PCOC" }?.value)
      #expect((0.5...2).contains(ratio), "\(task.task): \(ratio)")
    }
    _ = try RequestStream.rank(
      shop.requests, with: RequestRanker(model: folder("thin")), output: folder("ranked.jsonl"))
    let list = try #require(try shop.read(RankedList.self, folder("ranked.jsonl")).first)
    for item in list.items {
      let tasks = try #require(item.tasks)
      let product = (tasks["click"] ?? 0) * (tasks["purchase"] ?? 0)
      #expect(abs(product - (tasks["click_and_purchase"] ?? 0)) < 1e-5)
      #expect(abs(log(product) - item.score) < 1e-3)
    }
  }

  @Test func drawnNegativesAreCalibratedOnShownRows() throws {
    let plan = configuration("{per_positive: 10, correction: calibrate}")
    _ = try shop.train(plan, output: folder("drawn"))
    let ratio = try value("PCOC", of: report(plan, "drawn"))
    #expect((0.7...1.4).contains(ratio), "\(ratio)")
  }

  /// A loss of lists knows no probabilities; a calibration gives it some, and leaves the order alone.
  @Test func aCalibrationMakesProbabilitiesOfAnyScore() throws {
    func training(_ calibration: String) -> String {
      configuration(
        "", model: "{kind: mlp, width: 4, hidden: [8]}",
        training: "{epochs: 2, loss: listnet, seed: 2, calibration: \(calibration)}")
    }
    _ = try shop.train(training("none"), output: folder("scores"))
    _ = try shop.train(training("platt"), output: folder("logits"))
    #expect(try RankerBundle(path: folder("scores")).output == .score)
    #expect(try RankerBundle(path: folder("logits")).output == .logit)
    let (raw, calibrated) = (
      try report(training("none"), "scores"), try report(training("platt"), "logits")
    )
    #expect(raw.leftOut.contains { $0.metric == "log-loss" })
    #expect(try value("ECE", of: calibrated) < 0.05)
    #expect(abs(try value("AUC", of: raw) - value("AUC", of: calibrated)) < 1e-3)
  }

  /// The softmax over what was shown and drawn still learns an order.
  @Test func logQTrains() throws {
    let plan = configuration(
      "{per_positive: 5, correction: logq}",
      training: "{epochs: 3, loss: softmax, learning_rate: 0.01, batch_size: 256, seed: 2}")
    _ = try shop.train(plan, output: folder("logq"))
    #expect(try value("AUC", of: report(plan, "logq")) > 0.52)
  }

  /// What would be ignored is refused.
  @Test func onlyRankersDrawNegatives() throws {
    let slate = shop.slateConfiguration(base: shop.plain)
    let joint =
      "objective: clicks\nencoder: {initial: \(shop.encoder)}\n"
      + shop.configuration(visual: true).split(separator: "\n")
      .filter { !$0.hasPrefix("cache:") && !$0.hasPrefix("training:") }.joined(separator: "\n")
    func drawing(_ text: String) -> String {
      text.replacingOccurrences(of: "split: {", with: "negatives: {random: 1}, split: {")
    }
    #expect(throws: Never.self) { try shop.file(slate) }
    let error = #expect(throws: RankingDataError.self) { try shop.file(drawing(slate)) }
    #expect(error?.description.contains("draws no negatives") == true)
    let path = try folder.write(joint, to: "joint.yaml")
    #expect(throws: Never.self) { try JointTrainingFile(path: path) }
    for (text, says) in [
      (drawing(joint), "draws no negatives"),
      (joint + "\ntraining: {calibration: platt}", "not calibrated again"),
    ] {
      let path = try folder.write(text, to: "joint.yaml")
      let error = #expect(throws: RankingDataError.self) { try JointTrainingFile(path: path) }
      #expect(error?.description.contains(says) == true, "\(error as Any)")
    }
  }

  @Test func peoplesCorrectionsReachTheAnswers() throws {
    let requests = try shop.read(RankingRequest.self, shop.requests)
    let request = try #require(requests.first)
    let plain = try RequestRanker(model: shop.plain)
    var report = FeatureReport()
    let before = plain.rank(request, report: &report)
    let first = try #require(before.items.first)
    let file = try folder.write(
      """
      version: 1
      overrides: [{feature: item, value: "\(first.id)", add: -50, until: 2999-12-31}]
      """, to: "overrides.yaml")
    let corrected = try RequestRanker(model: shop.plain, overrides: file)
    let after = corrected.rank(request, report: &report)
    #expect(after.items.last?.id == first.id)
    #expect(after.items.dropLast().map(\.id) == before.items.dropFirst().map(\.id))
    #expect(corrected.overridesSummary?.contains("1 of 1") == true)

    let unknown = try folder.write(
      "{version: 1, overrides: [{feature: itm, value: a, add: 1, until: 9}]}", to: "unknown.yaml")
    #expect(throws: RankingDataError.self) {
      try RequestRanker(model: shop.plain, overrides: unknown)
    }
  }
}
