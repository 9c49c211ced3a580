import FileSupport
import Foundation
import Testing
import Vitrine

@Suite struct BundleTests {
  private let shop: SmallShop
  private let folder: TemporaryFolder

  init() throws {
    shop = try SmallShop.shared.get()
    folder = try TemporaryFolder()
  }

  @Test func aLoadedRankerScoresBitForBitAsTheSavedOne() throws {
    let bundle = try RankerBundle(path: shop.visual)
    try bundle.save(to: folder("again"))
    let requests = try shop.read(RankingRequest.self, shop.requests)
    let first = try RequestRanker(model: shop.visual, cache: shop.cache)
    let second = try RequestRanker(model: folder("again"), cache: shop.cache)
    for request in requests { #expect(first.scores(of: request) == second.scores(of: request)) }
    for name in try names(in: shop.visual) {
      #expect(
        FileManager.default.contentsEqual(
          atPath: folder("again/\(name)"), andPath: "\(shop.visual)/\(name)"), "\(name)")
    }
  }

  @Test func aSavedSlateModelLoadsUnchanged() throws {
    let bundle = try SlateBundle(path: shop.slate)
    try bundle.save(to: folder("again"))
    #expect(bundle.visualVersion != nil)
    #expect(bundle.training.metrics["validation_ndcg"] == bundle.training.record.best?.score)
    #expect(
      try SlateBundle(path: folder("again")).model.specification == bundle.model.specification)
    #expect(
      FileManager.default.contentsEqual(
        atPath: folder("again/weights.safetensors"), andPath: shop.slate + "/weights.safetensors"))
  }

  /// What people find when they open the file.
  @Test func theManifestReadsLikeTheConfiguration() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: shop.visual + "/model.json"))
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(json["format"] as? String == "vitrine-model")
    #expect(
      json.keys.sorted() == [
        "files", "format", "input", "model", "output", "training", "version",
      ])
    let model = try #require(json["model"] as? [String: Any])
    #expect(model["kind"] as? String == "deepfm")
    #expect(model["hidden"] as? [Int] == [8])
    let slate = try text(of: shop.slate + "/model.json")
    #expect(slate.contains("\"kind\" : \"seq2slate\"") && slate.contains("visual_version"))
  }

  @Test(arguments: ["model.json", "transform.json", "weights.safetensors"])
  func damageNamesTheFile(_ name: String) throws {
    let files = FileManager.default
    let whole = try Data(contentsOf: URL(fileURLWithPath: "\(shop.visual)/\(name)"))
    var flipped = whole
    flipped[flipped.count / 2] ^= 0x20
    let damages: [(String, Data?)] = [
      ("flipped", name == "model.json" ? nil : flipped), ("cut", whole.prefix(whole.count / 2)),
      ("empty", Data()), ("gone", nil),
    ]
    for (kind, content) in damages where content != nil || kind == "gone" {
      let copy = try folder.copy(shop.visual, as: kind)
      try files.removeItem(atPath: "\(copy)/\(name)")
      if let content { try content.write(to: URL(fileURLWithPath: "\(copy)/\(name)")) }
      let error = #expect(throws: VitrineError.self, "\(kind)") { try RankerBundle(path: copy) }
      #expect(error?.description.contains("\(copy)/\(name)") == true, "\(kind)")
      #expect(error?.remedy.isEmpty == false)
    }
  }

  @Test func aBundleOfAnotherVersionIsRefused() throws {
    let copy = try folder.copy(shop.visual, as: "copy")
    let manifest = try text(of: copy + "/model.json")
      .replacingOccurrences(of: "\"version\" : 1\n", with: "\"version\" : 2\n")
    try Data(manifest.utf8).write(to: URL(fileURLWithPath: copy + "/model.json"))
    let error = #expect(throws: VitrineError.self) { try RankerBundle(path: copy) }
    #expect(error?.problem.contains("version 2") == true)
  }

  @Test func rankersAndSlatesAreNotConfused() throws {
    #expect(throws: VitrineError.self) { try RankerBundle(path: shop.slate) }
    #expect(throws: VitrineError.self) { try SlateBundle(path: shop.visual) }
    #expect(throws: VitrineError.self) { try RankerBundle(path: folder("nowhere")) }
  }

  /// The same images through another encoder.
  @Test func featuresOfAnotherEncoderAreRefused() throws {
    _ = try EncoderImport.run(
      architecture: .resnet18, attention: .none, categories: nil, source: .random(seed: 6),
      preprocessing: Preprocessing(resize: 40, crop: 32), output: folder("encoder"))
    let photos = (SmallShop.catalogue as NSString).deletingLastPathComponent
    try folder.write("id,path\na,\(photos)/photos/hat-001.jpg\n", to: "one.csv")
    _ = try FeatureExtraction(
      input: folder("one.csv"), encoder: folder("encoder"), cache: folder("cache")
    ).run()
    #expect(throws: RankerError.self) {
      try RequestRanker(model: shop.visual, cache: folder("cache"))
    }
    #expect(throws: VitrineError.self) {
      try SlateArranger.load(.init(model: shop.slate, cache: folder("cache")))
    }
  }

  @Test func savingReplacesTheWholeBundleOrNothing() throws {
    let bundle = try RankerBundle(path: shop.plain)
    let place = folder("place")
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
    try Data("old".utf8).write(to: URL(fileURLWithPath: place + "/stale.txt"))
    try bundle.save(to: place)
    #expect(try names(in: place) == ["model.json", "transform.json", "weights.safetensors"])
    // Nothing temporary is left beside it.
    #expect(try names(in: folder.path) == ["place"])

    try Data("a file".utf8).write(to: URL(fileURLWithPath: folder("file")))
    let error = #expect(throws: VitrineError.self) { try bundle.save(to: folder("file/bundle")) }
    #expect(error?.description.contains("file/bundle") == true)
  }
}
