import NeuralNetworks
import Rankers
import RankingData
import TestSupport
import Testing

/// What every ranker must satisfy, of those of this folder.
@Suite struct DeepConformanceTests {
  static let small: [RankerSpecification] = {
    var wide = WideAndDeep.Configuration()
    wide.width = 6
    wide.hidden = [24, 12]
    wide.wide = ["item", "device", "tags", "price"]
    var youTube = YouTubeDNN.Configuration()
    youTube.width = 6
    youTube.hidden = [24, 12]
    var towers = DSSM.Configuration()
    towers.width = 6
    towers.hidden = [24, 12]
    towers.item = ["tags", "price"]
    return [
      RankerSpecification(wide), RankerSpecification(youTube), RankerSpecification(towers),
    ]
  }()

  @Test(arguments: small.indices) func conforms(index: Int) throws {
    let specification = Self.small[index]
    try RankerConformance(
      specification: specification,
      readsOrder: specification.kind == YouTubeDNN.Configuration.kind,
      tolerance: specification.kind == DSSM.Configuration.kind ? 1e-5 : 1e-6
    ).check()
  }

  /// P3, in the double-precision build.
  @Test(.enabled(if: isDoublePrecision), arguments: small.indices)
  func gradients(index: Int) throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(Self.small[index])
    var batch = world.batch(10)
    batch.weights = (0..<10).map { Float($0) / 4 }
    let mismatch = checkGradients(of: ranker) { ranker.loss(batch, $0) }
    #expect(mismatch.relativeError < 1e-5, "\(mismatch)")
    #expect(mismatch.compared >= 20)
  }
}
