import FileSupport
import Foundation
import Testing
import Vitrine

/// One cache that two encoders have filled.
@Suite struct FeatureGenerationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func extract(seed: UInt64) throws -> VisualFeatures {
    _ = try EncoderImport.run(
      architecture: .resnet18, attention: .none, categories: nil, source: .random(seed: seed),
      preprocessing: Preprocessing(resize: 40, crop: 32), output: folder("encoder-\(seed)"))
    let photos = (SmallShop.catalogue as NSString).deletingLastPathComponent
    try folder.write(
      "id,path\na,\(photos)/photos/hat-001.jpg\nb,\(photos)/photos/hat-002.jpg\n", to: "in.csv")
    _ = try FeatureExtraction(
      input: folder("in.csv"), encoder: folder("encoder-\(seed)"), cache: folder("cache")
    ).run()
    return try VisualFeatures(cache: folder("cache"))
  }

  @Test func aModelGetsTheGenerationThatItKnows() throws {
    let old = try extract(seed: 1)
    let new = try extract(seed: 2)
    #expect(old.version != new.version)
    for features in [old, new] {
      let found = try VisualFeatures(cache: folder("cache"), version: features.version)
      #expect(found.version == features.version)
      #expect(found.table.ids == ["a", "b"] && found.table.vectors == features.table.vectors)
    }
    // A version that is not there: the newest, which the model refuses.
    let other = try VisualFeatures(cache: folder("cache"), version: "none/of/these")
    #expect(other.version == new.version)
  }

  /// A cache that has moved on to another encoder still serves the models of the earlier one.
  @Test func modelsOfTheEarlierEncoderGoOn() throws {
    let shop = try SmallShop.shared.get()
    try FileManager.default.copyItem(atPath: shop.cache, toPath: folder("cache"))
    _ = try extract(seed: 9)
    #expect(try FeatureStore.overview(folder("cache")).generations.count == 2)
    let requests = try shop.read(RankingRequest.self, shop.requests)
    let before = try RequestRanker(model: shop.visual, cache: shop.cache)
    let after = try RequestRanker(model: shop.visual, cache: folder("cache"))
    for request in requests.prefix(20) {
      #expect(after.scores(of: request) == before.scores(of: request))
    }
    _ = try SlateArranger.load(.init(model: shop.slate, cache: folder("cache")))
  }

  @Test func everyGenerationIsLookedAfter() throws {
    _ = try extract(seed: 1)
    _ = try extract(seed: 2)
    let cache = folder("cache")
    #expect(try FeatureStore.overview(cache).generations.map(\.generation) == [1, 2])
    #expect(try FeatureStore.verify(cache).rows == 4)
    #expect(try FeatureStore.verify(cache, generation: 1).rows == 2)
    #expect(try FeatureStore.repair(cache).rows == 4)
    // Damage in the older one is found and named, and the newer one is served.
    let shard = cache + "/shard-000001.npy"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: shard))
    bytes[bytes.count - 5] ^= 1
    try bytes.write(to: URL(fileURLWithPath: shard))
    #expect(try FeatureStore.verify(cache).problems.count == 1)
    #expect(try FeatureStore.vector(cache, item: "b") != nil)
    #expect(try FeatureStore.repair(cache, encoder: folder("encoder-2")).lostRows == 0)
    #expect(try FeatureStore.repair(cache).lostRows == 1)
    try FeatureStore.drop(cache, generation: 1)
    #expect(try FeatureStore.info(cache).generation == 2)
  }
}
