import FileSupport
import Foundation
import Testing
import Vitrine

@Suite struct JudgeTests {
  private let shop: SmallShop
  private let folder: TemporaryFolder

  init() throws {
    shop = try SmallShop.shared.get()
    folder = try TemporaryFolder()
  }

  private func value(_ name: String, _ metrics: [MetricEstimate]) throws -> MetricEstimate {
    try #require(metrics.first { $0.metric == name }, "\(name)")
  }

  @Test func aModelAgainstItselfDiffersByNothing() throws {
    let judge = try RankerJudge(shop.file(shop.configuration(visual: true)), part: .test)
    let report = try judge.report(model: shop.visual, against: shop.visual)
    #expect(report.differences.map(\.metric) == report.metrics.map(\.metric))
    for change in report.differences {
      #expect(
        [change.value, change.lower ?? 0, change.upper ?? 0].allSatisfy { abs($0) < 1e-12 },
        "\(change.metric)")
    }
    let relative = report.differences.filter { $0.relative != nil }
    #expect(relative.map(\.metric) == ["AUC", "GAUC"] && relative.allSatisfy { $0.relative == 0 })
    for metric in report.metrics {
      // Calibration errors are biased upwards, the more in resamples: they have no interval.
      #expect((metric.lower == nil) == metric.metric.hasPrefix("ECE"))
      #expect(
        (metric.lower ?? 0) <= metric.value && metric.value <= metric.upper ?? 1,
        "\(metric.metric)")
    }
    let probability = try value("AUC", report.metrics)
    #expect((0.4...1).contains(probability.value))
  }

  /// The last two fifths of a log as a model judges them that knows only devices: every request is
  /// one big tie.
  private func judged(_ rows: [String]) throws -> RankerReport {
    let header = "request,user,item,timestamp,device,click\n"
    try folder.write(header + rows.joined(separator: "\n") + "\n", to: "log.csv")
    let configuration = """
      model: {kind: logistic}
      data: {impressions: "\(folder("log.csv"))", split: {validation: 0.2, test: 0.4}}
      schema: {categorical: [device]}
      training: {epochs: 1}
      """
    _ = try shop.train(configuration, output: folder("model"))
    return try RankerJudge(shop.file(configuration), part: .test).report(model: folder("model"))
  }

  @Test func tiesAreBrokenById() throws {
    // The click is on the item that is logged first, and whose id comes last.
    let report = try judged(
      (0..<40).flatMap { request in
        ["c", "b", "a"].map { item in
          "r\(request),u\(request % 7),\(item),\(request),tv,\(item == "c" ? 1 : 0)"
        }
      })
    // By id the click stands third: DCG 1 / log2(4).
    #expect(abs(try value("NDCG@10", report.metrics).value - 0.5) < 1e-6)
    #expect(abs(try value("AUC", report.metrics).value - 0.5) < 1e-6)
    #expect(report.requestsWithoutPositive == 0)
  }

  /// Σ loss / Σ rows, whatever the users' shares: equal losses leave no spread.
  @Test func logLossWeighsRowsNotUsers() throws {
    let report = try judged(
      (0..<60).flatMap { request in
        let user = request % 10 == 0 ? "light" : "heavy"
        return [1, 0].map { "r\(request),\(user),i\($0),\(request),tv,\($0)" }
      })
    let loss = try value("log loss", report.metrics)
    #expect(try #require(loss.upper) - #require(loss.lower) < 1e-6, "\(loss)")
  }

  /// What is not defined is left out, and the rest is told.
  @Test func labelsOfOneKindLeaveTheLogLoss() throws {
    let report = try judged(
      (0..<50).flatMap { request in
        [1, 0].map { "r\(request),u,i\($0),\(request),tv,\(request < 30 ? $0 : 0)" }
      })
    #expect(report.metrics.map(\.metric) == ["log loss", "ECE", "ECE (equal width)"])
    #expect(report.leftOut.first { $0.metric == "gauc" }?.reason.contains("one user") == true)
    #expect(report.leftOut.first { $0.metric == "ndcg" }?.reason == "no label is positive")
    #expect(report.requestsWithoutPositive == 1 && report.impressionsWithoutPair == 1)
  }

  @Test func expectedClicksAreTheSimulators() throws {
    let ranked = try shop.read(RankedList.self, shop.ranked)
    let requests = try shop.read(RankingRequest.self, shop.requests)
    let world = try ShopSimulation.truth(path: "\(shop.data)/truth.json")
    var total = 0.0
    for (request, list) in zip(requests, ranked) {
      let device = request.context["device"]?.identifier
      total += try world.expectedClicks(
        user: try #require(request.user), device: device, slate: list.items.prefix(5).map(\.id))
    }
    let judge = try SlateJudge(
      top: 5, requests: shop.requests, truth: "\(shop.data)/truth.json", cache: shop.cache,
      log: shop.file(shop.configuration(visual: true)))
    let report = try judge.report(slates: shop.ranked, against: shop.ranked)
    let clicks = try value("clicks per slate", report.metrics)
    #expect(abs(clicks.value - total / Double(ranked.count)) < 1e-9)
    #expect(
      report.metrics.map(\.metric) == [
        "clicks per slate", "click-through rate", "MAP@5", "NDCG@5", "α-NDCG@5", "ERR-IA@5",
        "visual diversity", "category diversity", "coverage", "Gini coefficient",
      ])
    #expect(report.differences.allSatisfy { $0.value == 0 })
  }

  @Test func slatesOfOtherRequestsAreRefused() throws {
    let judge = try SlateJudge(
      top: 5, requests: shop.requests, truth: "\(shop.data)/truth.json")
    let stranger = try folder.write(
      #"{"id":"stranger","items":[{"id":"hat-001","score":1}]}"# + "\n", to: "slates.jsonl")
    #expect(throws: VitrineError.self) { try judge.report(slates: stranger) }
    #expect(throws: VitrineError.self) {
      try judge.report(slates: shop.ranked, against: stranger)
    }
    let doubled = try folder.write(
      #"{"id":"a","items":[{"id":"x","score":1},{"id":"x","score":1}]}"# + "\n", to: "twice.jsonl")
    #expect(throws: RankingDataError.self) { try judge.report(slates: doubled) }
  }
}
