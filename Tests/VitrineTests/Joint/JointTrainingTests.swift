import FileSupport
import Foundation
import NeuralNetworks
import Tensors
import Testing
import VisualEncoder
import Vitrine

/// One training in the colour shop, shared by the tests that only look at what it left.
private struct JointShop: Sendable {
  static let shared = Result { try JointShop() }
  let shop: ColorShop
  let summary: JointTraining.Summary

  init() throws {
    shop = try ColorShop()
    summary = try shop.train(shop.configuration())
  }
}

@Suite struct JointTrainingTests {
  private let trained: JointShop
  private let folder: TemporaryFolder

  init() throws {
    trained = try JointShop.shared.get()
    folder = try TemporaryFolder()
  }

  private var output: String { trained.shop.output }

  /// The items of the validation were never shown in training: what is known of them is their picture.
  @Test func aClickThatOnlyColourDecidesIsLearnt() {
    let auc = trained.summary.training.metrics["validation_auc"] ?? 0
    #expect(auc > 0.85, "\(trained.summary.training.record)")
    #expect(abs(trained.summary.validation.auc - auc) < 1e-3, "as stored")
    #expect(!FileManager.default.fileExists(atPath: trained.shop.checkpoint))
    #expect(trained.summary.items == 60 && trained.summary.vectors == 59)
  }

  @Test func oneFolderHoldsAllParts() throws {
    #expect(try names(in: output) == ["cache", "encoder", "joint.json", "ranker"])
    let json = try text(of: output + "/joint.json")
    #expect(json.contains("vitrine-joint") && json.contains(trained.summary.features))
    #expect(try EncoderBundle.load(output + "/encoder").training?.contains("joint") == true)
  }

  @Test(arguments: ["float32", "float16"])
  func theTableEqualsTheEncoder(storage: String) throws {
    var place = output
    if storage == "float16" {
      place = folder("half")
      try trained.shop.train(
        trained.shop.configuration(epochs: 1, storage: storage), to: place)
    }
    let bundle = try EncoderBundle.load(place + "/encoder")
    let images = try ImageCollection(
      ImageList.read(trained.shop.folder("catalogue.csv")), for: bundle.configuration, path: "shop")
    let network = EncoderNetwork(bundle.configuration, weights: bundle.weights)
    let rows = (0..<Int32(images.count)).map { $0 }
    let online = network(
      images.planes(of: rows), categoryRows: images.categoryRows, .inference())
    let table = try VisualFeatures(cache: place + "/cache").table
    let width = table.width
    #expect(table.count == 60 && width == 256)
    for (id, row) in images.rows {
      let stored = table.vector(table.row(of: id)).map { Double($0) }
      let wanted = (0..<width).map { Double(online.span[Int(row) * width + $0]) }
      let largest = wanted.map { abs($0) }.max() ?? 0
      let error = zip(stored, wanted).map { abs($0 - $1) }.max() ?? .infinity
      #expect(error < (storage == "float32" ? 1e-5 : 1e-2) * max(1, largest), "\(id)")
    }
  }

  @Test func aPictureInTwoCategoriesHasTwoRows() throws {
    let table = try VisualFeatures(cache: output + "/cache").table
    func vector(_ id: String) -> [Float] { Array(table.vector(table.row(of: id))) }
    #expect(vector("i0") == vector("i2"), "the same file in the same category")
    #expect(vector("i0") != vector("i1"), "the same file in another category")
    #expect(table.row(of: "bare") == -1)
  }

  @Test func rankFindsTheTableByItself() throws {
    let requests = ["i0", "i3", "i41", "bare", "nobody"].map { Candidate(id: $0) }
    let request = RankingRequest(id: "r", user: "u1", items: requests)
    let own = try RequestRanker(model: output)
    #expect(own.hasVisualFeatures)
    let scores = own.scores(of: request)
    let parts = try RequestRanker(model: output + "/ranker", cache: output + "/cache")
    #expect(scores == parts.scores(of: request))
    #expect(scores[0] > scores[1], "red before blue")
    #expect(scores[3] == scores[4], "without an image, the learned vector stands in")
  }

  @Test func theJudgeReadsTheJointConfiguration() throws {
    let path = try folder.write(trained.shop.configuration(), to: "joint.yaml")
    var judge = try RankerJudge(TrainingFile(path: path), part: .validation)
    let report = try judge.report(models: [output, output], against: [output])
    let auc = try #require(report.metrics.first { $0.metric == "AUC" })
    #expect(abs(auc.value - trained.summary.validation.auc) < 1e-6)
    #expect(auc.trainings?.count == 2 && auc.spread == 0)
    #expect(report.differences.allSatisfy { $0.value == 0 && $0.trainings == nil })
    judge.items = ["i41", "i42"]
    #expect(try judge.report(models: [output], against: []).rows < report.rows)
    judge.items = ["elsewhere"]
    #expect(throws: VitrineError.self) { try judge.report(models: [output], against: []) }
  }

  @Test func gatesAreShownUnderACategory() throws {
    let (encoder, catalogue) = (output + "/encoder", trained.shop.folder("catalogue.csv"))
    let sheets = try ["a", "b"].map { category in
      let drawn = try EncoderPictures.heatmap(
        encoder: encoder, input: catalogue, count: 2, category: category,
        to: folder("\(category).png"))
      #expect(drawn.images.count == 2)
      return drawn.blocks.map(\.gates)
    }
    #expect(sheets[0] != sheets[1])
    let error = #expect(throws: VitrineError.self) {
      try EncoderPictures.heatmap(
        encoder: encoder, input: catalogue, category: "c", to: folder("c.png"))
    }
    #expect(error?.remedy.contains("a, b") == true)
  }

  /// Varied pictures are trained on, and the table is made of the pictures as they are.
  @Test func picturesMayVaryInTraining() throws {
    let varied = trained.shop.configuration(epochs: 2) + "\naugmentation: {flip: 0.5, erase: 0.2}\n"
    let plain = trained.shop.configuration(epochs: 2)
    let weights = try [varied, plain, varied].enumerated().map { index, configuration in
      let output = folder("\(index)")
      try trained.shop.train(configuration, to: output)
      return try Data(contentsOf: URL(fileURLWithPath: output + "/encoder/weights.safetensors"))
    }
    #expect(weights[0] == weights[2] && weights[0] != weights[1])
  }
}
