import FileSupport
import Foundation
import Testing
import Vitrine

/// Small logs with one planted fault each: every fault is named, and a clean log raises nothing.
@Suite struct DiagnosisTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A row of the made-up shop before it is written.
  private struct Impression {
    var request: Int
    var device: String
    var city: String
    var price: Double
    var taste: Double
    var clicked: Bool
    var isTest: Bool

    /// What a leak or a drift writes into the column `extra`.
    var extra = 0.0
  }

  private struct Chance {
    var state: UInt64
    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) / Double(1 << 31)
    }
  }

  /// 900 requests of five items, whose clicks hang on the device, the price and a taste.
  private func write(
    seed: UInt64 = 5, _ change: (inout Impression, inout Chance) -> Void = { _, _ in }
  ) throws {
    var chance = Chance(state: seed)
    var lines = ["request,user,item,timestamp,device,city,price,taste,extra,click"]
    for request in 0..<900 {
      let device = ["mobile", "tv", "tablet"][Int(chance.next() * 3)]
      let city = "city \(Int(chance.next() * 5))"
      for place in 0..<5 {
        var row = Impression(
          request: request, device: device, city: city, price: 1 + 9 * chance.next(),
          taste: chance.next(), clicked: false, isTest: request >= 675)
        let logit = 2.5 * row.taste - 0.3 * row.price + (device == "tv" ? 0.6 : 0) - 0.3
        row.clicked = chance.next() < 1 / (1 + exp(-logit))
        row.extra = chance.next()
        change(&row, &chance)
        lines.append(
          "r\(request),u\(request * 7 % 60),i\((request * 11 + place * 17) % 80),"
            + "\(1_600_000_000 + 600 * request),\(row.device),\(row.city),\(row.price),"
            + "\(row.taste),\(row.extra),\(row.clicked ? 1 : 0)")
      }
    }
    try folder.write(lines.joined(separator: "\n") + "\n", to: "log.csv")
  }

  private func file(_ more: String = "", training: String = "{epochs: 6, learning_rate: 0.02}")
    throws -> TrainingFile
  {
    let path = try folder.write(
      """
      model: {kind: logistic}
      data: {impressions: log.csv, split: {validation: 0.15, test: 0.25}}
      schema:
        categorical: [device, city]
        numeric: [price, taste, extra]
        \(more)
      training: \(training)
      """, to: "training.yaml")
    return try TrainingFile(path: path)
  }

  private func diagnose(
    _ more: String = "", training: String = "{epochs: 6, learning_rate: 0.02}",
    _ change: (inout Diagnosis) throws -> Void = { _ in }
  ) throws -> DiagnosisReport {
    let file = try file(more, training: training)
    _ = try ModelTraining(file).run(
      output: folder("model"), checkpoint: folder("model.checkpoint"), resume: false)
    var diagnosis = Diagnosis(file, model: folder("model"))
    try change(&diagnosis)
    return try diagnosis.run()
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>) func cleanDataRaisesNothing(seed: UInt64) throws {
    try write(seed: seed &* 7919)
    let report = try diagnose(
      """
      multi_valued: [history]
        counters: [{by: item, fallback: city}]
      """
    ) { diagnosis in
      diagnosis.scene = "device"
      diagnosis.served = try served()
    }
    #expect(report.findings.isEmpty, "\(report.findings.map { "\($0.title) \($0.evidence)" })")
    #expect(report.verdict.rung == .sound)
    #expect(
      report.scenes.count == 3 && abs(report.scenes.reduce(0) { $0 + $1.trainShare } - 1) < 1e-9)
    #expect(report.probes.count == 3 && report.probes.allSatisfy(\.passed), "\(report.probes)")
    #expect(report.replay?.mismatch == 0 && report.served?.mismatch == 0)
    let adversarial = try #require(report.adversarial)
    #expect(adversarial.auc - adversarial.margin < 0.55)
    #expect(report.quality.map(\.part) == ["training", "validation", "test"])
    let page = report.html(title: "a <model>")
    #expect(page.contains("a &lt;model&gt;") && page.contains("<svg") && !page.contains("<script"))
    #expect(throws: Never.self) { try JSONEncoder().encode(report) }
  }

  @Test func aPlantedLeakIsNamed() throws {
    try write { row, chance in row.extra = (row.clicked ? 1 : 0) + 0.4 * chance.next() }
    let report = try diagnose()
    let leak = try #require(report.findings.first)
    #expect(leak.kind == .leakage && leak.weight == .high && leak.title.hasPrefix("extra"))
    #expect(report.verdict.rung == .leakOrSkew)
    #expect(report.singleFeatures.first?.feature == "extra")
  }

  /// A date that is written at the moment of the click.
  @Test func aDateAfterTheImpressionIsNamed() throws {
    try write { row, chance in
      row.extra = 1_600_000_000 + 600 * Double(row.request) + (chance.next() < 0.3 ? 90 : -5000)
    }
    let report = try diagnose()
    #expect(
      report.findings.contains {
        $0.kind == .leakage && $0.title.contains("dated after") && $0.evidence.contains("extra")
      })
  }

  @Test func aPlantedDriftIsNamed() throws {
    try write { row, chance in
      if row.isTest {
        row.extra += 0.6
        if chance.next() < 0.6 { row.city = "city 9" }
      }
    }
    let report = try diagnose()
    let drifts = report.findings.filter { $0.kind == .drift && $0.weight == .high }
    #expect(drifts.contains { $0.title.hasPrefix("extra is distributed otherwise") })
    #expect(drifts.contains { $0.title.hasPrefix("city is distributed otherwise") })
    let adversarial = try #require(report.adversarial)
    #expect(adversarial.auc > 0.7)
    #expect(Set(adversarial.carriers.prefix(2).map(\.feature)) == ["extra", "city"])
    #expect(report.verdict.rung == .drift)
    #expect(!report.findings.contains { $0.kind == .leakage || $0.kind == .skew })
  }

  /// The test requests as a service would have logged them.
  private func served(
    _ change: (inout RankingRequest) -> Void = { _ in }, scoreShift: Double = 0
  ) throws -> String {
    let file = try file()
    let requests = folder("requests.jsonl")
    _ = try RequestFile.write(file, part: .test, to: requests)
    guard FileManager.default.fileExists(atPath: folder("model")) else { return requests }
    var reader = try JSONLinesReader<RankingRequest>(path: requests)
    let ranker = try RequestRanker(model: folder("model"))
    var lines: [String] = []
    while var request = try reader.next() {
      change(&request)
      for (index, score) in ranker.scores(of: request).enumerated() {
        request.items[index].score = Double(score) + scoreShift
      }
      lines.append(try request.json())
    }
    return try folder.write(lines.joined(separator: "\n") + "\n", to: "served.jsonl")
  }

  /// The service reads prices in cents.
  @Test func aPlantedSkewIsNamed() throws {
    try write()
    let report = try diagnose { diagnosis in
      diagnosis.served = try served { request in
        for index in request.items.indices {
          if let price = request.items[index].features["price"]?.number {
            request.items[index].features["price"] = .number(100 * price)
          }
        }
      }
    }
    let skew = try #require(report.findings.first)
    #expect(skew.kind == .skew && skew.weight == .high && skew.evidence.contains("price (100"))
    #expect(report.served?.features.map(\.feature) == ["price"])
    #expect(report.findings.count == 1 && report.verdict.rung == .leakOrSkew)
    #expect(report.replay?.mismatch == 0)
  }

  @Test func scoresOfAnotherModelAreNamed() throws {
    try write()
    let report = try diagnose { $0.served = try served(scoreShift: 0.01) }
    #expect(report.findings.map(\.title) == ["Served requests have other scores"])
    #expect(abs((report.served?.scoreDifference ?? 0) - 0.01) < 1e-5)
  }

  @Test func aModelThatDoesNotLearnIsNamed() throws {
    try write()
    let report = try diagnose(training: "{epochs: 2, learning_rate: 1.0e-9}")
    #expect(report.verdict.rung == .model)
    #expect(report.findings.first?.title == "The model does not learn the training rows")
  }

  @Test func aSceneThatWantsTheOppositeIsNamed() throws {
    try write { row, chance in
      guard row.device == "tablet" else { return }
      row.clicked = chance.next() < 1 / (1 + exp(2.5 * row.taste - 0.3 * row.price + 1))
    }
    let report = try diagnose { $0.scene = "device" }
    let finding = try #require(report.findings.first { $0.kind == .scene })
    #expect(finding.title.contains("tablet"))
  }

  @Test func dataWithoutRowsToCompareIsRefused() throws {
    try write()
    _ = try diagnose()
    let path = try folder.write(
      text(of: folder("training.yaml")).replacing("test: 0.25", with: "test: 0"), to: "none.yaml")
    #expect(throws: VitrineError.self) {
      try Diagnosis(TrainingFile(path: path), model: folder("model")).run()
    }
  }
}
