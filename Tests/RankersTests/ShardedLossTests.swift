import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct ShardedLossTests {
  /// Kinds with statistics of the batch: a shard knows its own alone.
  private static let normalizing = ["sli_rec"]

  @Test(arguments: neuralKinds.filter { !normalizing.contains($0) })
  func shardsAddUpToTheWhole(kind: String) throws {
    var world = RankerWorld()
    var specification = try RankerSpecification(kind: kind)
    if var din = specification.configuration as? DIN.Configuration {
      din.activation = .relu
      specification = RankerSpecification(din)
    }
    let ranker = try world.makeRanker(specification)
    #expect(!ParameterList(ranker).entries.contains { $0.name.hasSuffix("running_mean") })
    // 301 rows make shards of unequal length.
    var batch = world.batch(301)
    batch.offsets = (0..<301).map { Float($0 % 5) / 4 }
    let (whole, sharded) = (Pass.training(seed: 1), Pass.training(seed: 1))
    let losses = (ranker.loss(batch, whole), ranker.shardedLoss(batch, sharded))
    #expect(abs(losses.0.item() - losses.1.item()) < 1e-6)
    let (a, b) = (whole.gradients(of: losses.0), sharded.gradients(of: losses.1 * 3))
    for entry in ParameterList(ranker).entries where entry.parameter.trainable {
      let expected = (a.dense(entry.parameter) * 3).scalars
      #expect(maximumDifference(b.dense(entry.parameter).scalars, expected) < 1e-5, "\(entry.name)")
    }
  }

  /// Batch statistics are those of the usual batch; a larger one is cut into parts with their own.
  @Test func statisticsAreThoseOfTheUsualBatch() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(RankerSpecification(kind: "sli_rec"))
    let batch = world.batch(256)
    let whole = batch.batch(Array(0..<128)[...])
    func loss(_ rows: Range<Int32>) -> Scalar {
      ranker.loss(batch.batch(Array(rows)[...]), .training(seed: 1)).item()
    }
    #expect(ranker.shardedLoss(whole, .training(seed: 1)).item() == loss(0..<128))
    let sharded = ranker.shardedLoss(batch, .training(seed: 1)).item()
    #expect(abs(sharded - (loss(0..<128) + loss(128..<256)) / 2) < 1e-6)
    #expect(abs(sharded - loss(0..<256)) > 1e-6)
  }

  @Test func everyRunGivesTheSameBits() throws {
    var world = RankerWorld()
    var configuration = DeepFM.Configuration()
    configuration.hidden = [32]
    configuration.dropout = 0.3
    let ranker = try world.makeRanker(RankerSpecification(configuration))
    let batch = world.batch(1000)
    func gradients() -> [[Scalar]] {
      let pass = Pass.training(seed: 7)
      let found = pass.gradients(of: ranker.shardedLoss(batch, pass))
      return parameters(of: ranker).map { found.dense($0).scalars }
    }
    let first = gradients()
    for _ in 0..<5 { #expect(gradients() == first) }
  }

  @Test func tablesKeepTheirRowGradients() throws {
    var world = RankerWorld()
    let ranker = try #require(
      try world.makeRanker(RankerSpecification(kind: "deepfm")) as? DeepFM)
    let pass = Pass.training(seed: 7)
    let found = pass.gradients(of: ranker.shardedLoss(world.batch(256), pass))
    guard case .rows = found[ranker.embeddings.table] else {
      Issue.record("a table of ids was given a dense gradient")
      return
    }
  }
}
