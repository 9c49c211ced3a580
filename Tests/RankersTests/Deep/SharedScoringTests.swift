import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

/// Scoring works out what the candidates of a request share once; the results are those of rows on
/// their own.
@Suite struct SharedScoringTests {
  static let kinds = [
    "mlp", "deepfm", "wide_and_deep", "youtube_dnn", "dssm", "shared_bottom", "soft_sharing",
    "cross_stitch", "esmm", "omoe", "mmoe",
  ]

  /// Requests of 9, 1 and 12 candidates whose user, device, history and age agree.
  private func requests(_ world: inout RankerWorld) -> RankingBatch {
    let sizes = [9, 1, 12]
    let users = world.batch(3)
    let rows = sizes.indices.flatMap { [Int32](repeating: Int32($0), count: sizes[$0]) }
    let items = world.batch(rows.count)
    var batch = users.batch(rows[...])
    batch.categorical[0] = items.categorical[0]
    batch.categorical[3] = items.categorical[3]
    batch.bags[1] = items.bags[1]
    batch.visualRows = items.visualRows
    for row in rows.indices where world.layout.numericWidth > 0 {
      batch.numeric[row * 2] = items.numeric[row * 2]
    }
    batch.requests = rows
    return batch
  }

  private func make(_ kind: String, _ world: RankerWorld) throws -> any NeuralRanker {
    try world.makeRanker(RankerSpecification(kind: kind))
  }

  @Test func fieldsOfTheUserAreFound() throws {
    var world = RankerWorld()
    let batch = requests(&world)
    let sharing = try #require(RequestSharing(batch))
    #expect(sharing.rows.heads == [0, 9, 10])
    #expect(sharing.categorical == [false, true, true, false])
    #expect(sharing.bags == [true, false, true])
    #expect(sharing.numeric == [false, true] && sharing.imageHistory)
    #expect(RequestSharing(world.batch(20)) == nil, "nothing is shared")
    #expect(RequestSharing(batch.batch([0, 1, 9])) == nil, "requests of one row")
    #expect(RequestSharing(batch.batch([])) == nil)
    #expect([true, true, false].ranges.map(\.range) == [0..<2, 2..<3])
  }

  @Test(arguments: kinds, [true, false]) func equalsRowsAlone(kind: String, images: Bool) throws {
    var world = RankerWorld()
    world.layout.visual = images
    world.layout.visualHistory = images
    let ranker = try make(kind, world)
    let batch = requests(&world)
    let alone = (0..<Int32(batch.count)).flatMap { ranker.scores(of: batch.batch([$0])) }
    #expect(maximumDifference(ranker.scores(of: batch), alone) < 2e-6)
    #expect(maximumDifference(ranker.prepared().scores(of: batch), alone) < 2e-6)
    #expect(Set(alone).count == batch.count)
  }

  /// Towers then read the columns themselves, put together again.
  @Test func aBottomWithoutLayers() throws {
    var world = RankerWorld()
    var configuration = SharedBottom.Configuration()
    configuration.bottom = []
    let ranker = try world.makeRanker(RankerSpecification(configuration))
    let batch = requests(&world)
    let alone = (0..<Int32(batch.count)).flatMap { ranker.scores(of: batch.batch([$0])) }
    #expect(maximumDifference(ranker.scores(of: batch), alone) < 2e-6)
  }

  @Test(arguments: kinds) func readsImageHistoriesThatDiffer(kind: String) throws {
    var world = RankerWorld()
    let ranker = try make(kind, world)
    var batch = requests(&world)
    batch.visualHistory = world.batch(batch.count).visualHistory
    let alone = (0..<Int32(batch.count)).flatMap { ranker.scores(of: batch.batch([$0])) }
    #expect(maximumDifference(ranker.scores(of: batch), alone) < 2e-6)
  }

  @Test(arguments: kinds) func doesWithoutNumbersAndLists(kind: String) throws {
    var world = RankerWorld()
    world.layout.numeric = []
    let ranker = try make(kind, world)
    let batch = requests(&world)
    let alone = (0..<Int32(batch.count)).flatMap { ranker.scores(of: batch.batch([$0])) }
    #expect(maximumDifference(ranker.scores(of: batch), alone) < 2e-6)
  }

  @Test func trainingTakesTheWholeRow() throws {
    var world = RankerWorld()
    let ranker = try make("mlp", world)
    let batch = requests(&world)
    let pass = Pass.training(seed: 1)
    let gradients = pass.gradients(of: ranker.loss(batch, pass))
    #expect(gradients.norm(of: ParameterList(ranker).trainable) > 0)
    #expect(
      maximumDifference(
        ranker.logits(batch, .training(seed: 1)).scalars, ranker.scores(of: batch)) < 2e-6)
  }
}
