import FeatureCache
import FileSupport
import Foundation
import Images
import Testing
import VisualEncoder

/// What a dry run knows.
@Suite struct EstimateTests {
  private let folder: TemporaryFolder
  private let items = ExtractionTests.photos.enumerated().map {
    ExtractionItem(id: "item\($0)", path: $1)
  }

  init() throws { folder = try TemporaryFolder() }

  private func pipeline(seed: UInt64 = 1) throws -> ExtractionPipeline {
    let configuration = EncoderConfiguration(
      architecture: .resnet18, preprocessing: Preprocessing(resize: 40, crop: 32))
    return ExtractionPipeline(
      EncoderBundle(
        configuration: configuration,
        weights: try EncoderWeights(random: seed, for: configuration)), workers: 1)
  }

  /// Encoders that lie in no folder have one hash, so these do.
  private func stored(_ seed: UInt64) throws -> ExtractionPipeline {
    let made = try pipeline(seed: seed).bundle
    return ExtractionPipeline(
      try EncoderBundle.create(
        at: folder("encoder\(seed)"), configuration: made.configuration, weights: made.weights),
      workers: 1)
  }

  @Test func nothingIsKnownWithoutACacheAndNothingIsWritten() throws {
    let estimate = try pipeline().estimate(items, cacheAt: folder("cache"))
    #expect(estimate.known == 0)
    #expect(try #require(estimate.secondsPerImage) > 0)
    #expect(try names(in: folder.path).isEmpty)
  }

  /// One generation holds two bytes a number, the other four.
  @Test func onlyTheGenerationOfThisEncoderCounts() throws {
    let (one, two, three) = (try stored(1), try stored(2), try stored(3))
    let cache = folder("cache")
    _ = try one.run(
      Array(items.prefix(5)), into: one.openCache(at: cache))
    _ = try two.run(
      Array(items.prefix(9)), into: two.openCache(at: cache, elementType: .float32))
    for _ in 0..<2 {
      #expect(try two.estimate(items, cacheAt: cache).known == 9)
      #expect(
        try two.estimate(items.suffix(6) + [ExtractionItem(id: "none", path: nil)], cacheAt: cache)
          .known == 1)
      // The first generation lies in the cache's own folder; the others stay known without it.
      if try FeatureCache.generations(at: cache).count == 2 {
        #expect(try one.estimate(items, cacheAt: cache).known == 5)
        try FeatureCache.drop(generation: 1, at: cache)
      }
    }
    #expect(try three.estimate([items[0]], cacheAt: cache).known == 0)
  }

  @Test func aDamagedCacheIsNoNewOne() throws {
    try folder.write("garbage", to: "cache/cache.json")
    let error = #expect(throws: VisualEncoderError.self) {
      try pipeline().estimate(items, cacheAt: folder("cache"))
    }
    #expect(error?.code == .cache && error?.path == folder("cache/cache.json"))
  }

  /// Fewer than a batch, and a batch and something.
  @Test(arguments: [1, ExtractionPipeline.batch + 1])
  func fewImagesTellTheTimeToo(_ count: Int) throws {
    let estimate = try pipeline().estimate(Array(items.prefix(count)), cacheAt: folder("cache"))
    #expect(try #require(estimate.secondsPerImage) > 0)
  }

  @Test func imagesThatCannotBeReadTellNoTime() throws {
    let bad = (0..<9).map { ExtractionItem(id: "\($0)", path: folder("none\($0).jpg")) }
    #expect(try pipeline().estimate(bad, cacheAt: folder("cache")).secondsPerImage == nil)
    #expect(try pipeline().estimate([], cacheAt: folder("cache")).secondsPerImage == nil)
  }
}
