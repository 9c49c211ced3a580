import NeuralNetworks
import Rankers
import RankingData
import Testing

/// LightGBM's tests hold its own lambdarank to NDCG@1 > 0.5674 and NDCG@3 > 0.578 on these rows,
/// with early stopping on them; here nothing is chosen on them.
@Suite(.enabled(if: RankingSample.isPresent, "../shared/data/lightgbm-lambdarank is absent"))
struct RankingSampleTests {
  @Test(arguments: [BoostedTrees.Objective.lambdaMART, .ndcg, .pairwise])
  func passesTheBoundsOfLightGBM(_ objective: BoostedTrees.Objective) throws {
    let training = try RankingSample.batch("rank.train")
    let test = try RankingSample.batch("rank.test")
    var configuration = BoostedTrees.Configuration()
    configuration.objective = objective
    configuration.rounds = 100
    configuration.maxDepth = 4
    configuration.minChildWeight = 0.1
    configuration.earlyStopping = 0
    let layout = FeatureLayout(numeric: (0..<RankingSample.width).map { "f\($0)" })
    var ranker = try BoostedTrees(
      configuration: configuration, input: RankerInput(layout: layout), seed: 1)
    try ranker.fit(
      training: training, validation: training, plan: RankerTraining(), checkpoint: nil,
      report: { _ in })
    let first = try RankingSample.ndcg(ranker, on: test, cutoff: 1)
    let third = try RankingSample.ndcg(ranker, on: test, cutoff: 3)
    #expect(first > 0.5674, "NDCG@1 \(first)")
    #expect(third > 0.578, "NDCG@3 \(third)")
  }
}
