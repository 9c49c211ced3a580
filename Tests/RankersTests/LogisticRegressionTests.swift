import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct LogisticRegressionTests {
  /// The problem is convex: many small steps must reach the optimum that L-BFGS found.
  @Test(arguments: ["logistic-plain", "logistic-full"])
  func reachesTheOptimum(name: String) throws {
    let golden = try RankerGolden.load(name)
    let ranker = try golden.makeRanker()
    let optimum = try #require(golden.optimum)
    let optimizer = Adam(ParameterList(ranker).trainable, learningRate: 0.03)
    var loss = Double.infinity
    for step in 0..<3000 {
      if step == 2000 { optimizer.learningRate = 0.003 }
      let pass = Pass.training(seed: 1)
      let value = ranker.loss(golden.rankingBatch, pass)
      loss = Double(value.item())
      optimizer.step(pass.gradients(of: value))
    }
    #expect(abs(loss - optimum) < 1e-4, "\(loss) instead of \(optimum)")
  }

  @Test func withoutInformationItPredictsTheMean() throws {
    let layout = FeatureLayout(numeric: ["nothing"])
    let batch = RankingBatch(
      count: 5, numeric: [0, 0, 0, 0, 0], numericWidth: 1, labels: [1, 0, 0, 0, 0])
    let ranker = try LogisticRegression(
      configuration: .init(), input: RankerInput(layout: layout), seed: 1)
    let optimizer = Adam(ParameterList(ranker).trainable, learningRate: 0.05)
    for _ in 0..<1000 {
      let pass = Pass.training(seed: 1)
      optimizer.step(pass.gradients(of: ranker.loss(batch, pass)))
    }
    #expect(abs(ranker.scores(of: batch)[0] - log(0.25)) < 1e-3)
  }

  @Test func weightsCountRows() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(RankerSpecification(LogisticRegression.Configuration()))
    let batch = world.batch(4)
    var weighted = batch
    weighted.weights = [2, 1, 0, 1]
    let repeated = batch.batch([0, 0, 1, 3])
    let (a, b) = (ranker.loss(weighted, .inference()), ranker.loss(repeated, .inference()))
    #expect(abs(a.item() - b.item()) < 1e-6)
  }
}
