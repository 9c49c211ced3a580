import FileSupport
import Foundation
import Testing
import Vitrine

/// Boosted trees from a training file to ranked requests.
@Suite struct BoostedBundleTests {
  private let shop: SmallShop
  private let folder: TemporaryFolder

  init() throws {
    shop = try SmallShop.shared.get()
    folder = try TemporaryFolder()
  }

  private func train(_ keys: String, visual: Bool) throws -> TrainingSummary {
    try shop.train(
      shop.configuration(
        visual: visual, model: "{kind: xgboost, rounds: 12, max_depth: 3\(keys)}",
        training: "{seed: 2}"),
      output: folder("trees"))
  }

  @Test func treesAreTrainedSavedAndRankRequests() throws {
    let summary = try train("", visual: true)
    #expect(summary.record.epochs.count == 12)
    #expect(summary.metrics["validation_auc"] == summary.record.best?.score)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder("trees"))
    #expect(files.sorted() == ["booster.json", "model.json", "transform.json"])
    let bundle = try RankerBundle(path: folder("trees"))
    #expect(bundle.output == .logit)
    try bundle.save(to: folder("again"))
    let requests = try shop.read(RankingRequest.self, shop.requests)
    let first = try RequestRanker(model: folder("trees"), cache: shop.cache)
    let second = try RequestRanker(model: folder("again"), cache: shop.cache)
    var scores: Set<Float> = []
    for request in requests {
      #expect(first.scores(of: request) == second.scores(of: request))
      scores.formUnion(first.scores(of: request))
    }
    #expect(scores.count > 20)
    #expect(
      FileManager.default.contentsEqual(
        atPath: folder("again/booster.json"), andPath: folder("trees/booster.json")))
  }

  @Test func objectivesThatRankGiveScoresAndAreJudgedByNDCG() throws {
    let summary = try train(", objective: lambdamart", visual: false)
    #expect(summary.metrics.keys.sorted() == ["validation_ndcg@10"])
    #expect(try RankerBundle(path: folder("trees")).output == .score)
  }

  @Test func aDamagedFileIsNamed() throws {
    _ = try train("", visual: false)
    let path = folder("trees/booster.json")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: VitrineError.self) { try RankerBundle(path: folder("trees")) }
    #expect(error?.description.contains("booster.json") == true)
  }

  /// The refusal of another tool's keys, with the place in the file.
  @Test func aForeignDictionaryIsRefusedWhereItStands() throws {
    let error = #expect(throws: (any Error).self) {
      try train(", objective: \"binary:logistic\", num_class: 2, eval_metric: error", visual: false)
    }
    let message = error.map { "\($0)" } ?? ""
    for words in ["training.yaml:1:", "'num_class'", "'eval_metric'", "training.monitor"] {
      #expect(message.contains(words), "\(words) in \(message)")
    }
  }
}
