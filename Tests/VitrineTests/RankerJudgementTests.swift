import FileSupport
import Foundation
import Testing
import Vitrine

/// What a report says of logs that give some metrics no meaning.
@Suite struct RankerJudgementTests {
  private let shop: SmallShop
  private let folder: TemporaryFolder

  init() throws {
    shop = try SmallShop.shared.get()
    folder = try TemporaryFolder()
  }

  /// The last two fifths of a log, as a logistic regression over devices judges them.
  private func report(
    _ header: String, _ rows: [String], schema: String = "categorical: [device]",
    training: String = "{epochs: 1}", _ judgement: RankerJudgement = RankerJudgement()
  ) throws -> RankerReport {
    try folder.write(header + "\n" + rows.joined(separator: "\n") + "\n", to: "log.csv")
    let configuration = """
      model: {kind: logistic}
      data: {impressions: "\(folder("log.csv"))", split: {validation: 0.2, test: 0.4}}
      schema: {\(schema)}
      training: \(training)
      """
    _ = try shop.train(configuration, output: folder("model"))
    var judge = try RankerJudge(shop.file(configuration), part: .test)
    judge.judgement = judgement
    return try judge.report(model: folder("model"))
  }

  private func reason(_ metric: String, _ report: RankerReport) -> String {
    report.leftOut.first { $0.metric == metric }?.reason ?? ""
  }

  private let header = "request,user,item,timestamp,device,click"

  @Test func singleRowsHaveNoLists() throws {
    let report = try report(
      header,
      (0..<90).map { "r\($0),u\($0 % 8),i\($0 % 4),\($0),\($0 % 2),\($0 % 3 == 0 ? 1 : 0)" })
    #expect(reason("ndcg", report) == "every request has a single row")
    #expect(Set(report.metrics.map(\.metric)).isSuperset(of: ["AUC", "GAUC", "PR-AUC", "PCOC"]))
    #expect(report.requests == report.rows)
    #expect(throws: Never.self) { try JSONEncoder().encode(report) }
  }

  /// A model that only orders has no log loss, and graded labels are no rates.
  @Test func scoresAndGradesHaveNoProbabilities() throws {
    let report = try report(
      header,
      (0..<90).flatMap { request in
        (0..<4).map { "r\(request),u\(request % 7),i\($0),\(request),d\($0),\($0 % 3)" }
      }, training: "{epochs: 2, loss: lambdarank, batch_size: 64}")
    #expect(reason("log-loss", report) == "the scores order items and are no probabilities")
    #expect(report.calibration == nil)
    // Each item has one grade, so an order learnt from devices, one an item, can be perfect.
    let ndcg = try #require(report.metrics.first { $0.metric == "NDCG@10" })
    #expect(ndcg.value > 0.5 && report.metrics.contains { $0.metric == "ERR" })
  }

  /// A weight of two is the row twice.
  @Test func weightsCount() throws {
    func rows(_ times: (Int) -> (weight: Int, copies: Int)) -> String {
      let lines = (0..<60).flatMap { request in
        (0..<3).flatMap { item in
          [String](
            repeating: "r\(request),u\(request % 6),i\(item),\(request),d\((request + item) % 4),"
              + "\((request * 7 + item * 5) % 4 == 0 ? 1 : 0),\(times(item).weight)",
            count: times(item).copies)
        }
      }
      return "\(header),weight\n" + lines.joined(separator: "\n") + "\n"
    }
    func configuration(_ log: String) -> String {
      """
      model: {kind: logistic}
      data: {impressions: "\(folder(log))", split: {validation_from: 15, test_from: 30}}
      schema: {categorical: [device], weight: weight}
      training: {epochs: 1}
      """
    }
    try folder.write(rows { ($0 == 1 ? 2 : 1, 1) }, to: "weighted.csv")
    try folder.write(rows { (1, $0 == 1 ? 2 : 1) }, to: "repeated.csv")
    _ = try shop.train(configuration("weighted.csv"), output: folder("model"))
    let reports = try ["weighted.csv", "repeated.csv"].map { log in
      var judge = try RankerJudge(shop.file(configuration(log)), part: .test)
      judge.judgement.metrics = [.auc, .gauc, .prAUC, .logLoss, .normalizedEntropy, .pcoc, .ece]
      return try judge.report(model: folder("model"))
    }
    #expect(reports[0].weighted && !reports[1].weighted && reports[0].rows == 90)
    #expect(reports[0].metrics.count == 8)
    for (weighted, repeated) in zip(reports[0].metrics, reports[1].metrics) {
      #expect(abs(weighted.value - repeated.value) < 1e-6, "\(weighted.metric)")
      let (a, b) = (weighted.lower ?? 0, repeated.lower ?? 0)
      #expect(abs(a - b) < 1e-6, "\(weighted.metric)")
    }
  }

  @Test func cutoffsConventionsAndGroups() throws {
    let plan = RankerJudgement(
      metrics: [.auc, .ndcg, .precision, .hitRate, .pcoc], cutoffs: [1, 2],
      conventions: MetricConventions(emptyRequests: .zero, gain: .linear), groupedBy: "device")
    let report = try report(
      header,
      (0..<80).flatMap { request in
        (0..<3).map { item in
          "r\(request),u\(request % 8),i\(item),\(request),d\(request % 30),"
            + "\(request % 4 > 0 && item == request % 3 ? 1 : 0)"
        }
      }, plan)
    #expect(
      report.metrics.map(\.metric) == [
        "AUC", "NDCG@1", "NDCG@2", "precision@1", "precision@2", "hit rate@1", "hit rate@2", "PCOC",
      ])
    #expect(report.conventions.contains("count 0") && report.conventions.contains("the grade"))
    #expect(abs(report.requestsWithoutPositive - 0.25) < 0.02)
    #expect(report.groups.count == 21 && report.groups.last?.value == nil)
    #expect(abs(report.groups.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    #expect(report.groups.reduce(0) { $0 + $1.rows } == report.rows)
    #expect(report.groups[0].metrics["NDCG@2"] != nil)
    #expect(report.calibration == nil && report.calibrationPlot(title: "x") == nil)
  }

  @Test func seedsThatDifferByLessThanTheirSpreadTie() throws {
    let file = try shop.file(shop.configuration(visual: false))
    let judge = RankerJudge(data: file.data, part: .test, features: nil)
    let models = try (1...2).map { seed in
      let output = folder("seed-\(seed)")
      _ = try shop.train(
        shop.configuration(
          visual: false, training: "{epochs: 1, batch_size: 256, seed: \(seed)}"), output: output)
      return output
    }
    let report = try judge.report(models: models, against: models.reversed())
    for difference in report.differences where difference.metric != "PCOC" {
      if difference.metric.hasPrefix("ECE") { continue }
      #expect(difference.seeds?.verdict == .tie, "\(difference.metric)")
      #expect(difference.seeds?.description.hasPrefix("A tie") == true)
    }
    #expect(report.calibrationPlot(title: "a < b")?.contains("a &lt; b") == true)
  }
}
