import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

/// Logistic regression is convex, so every road leads to the same place.
@Suite struct ConvexOptimumTests {
  @Test(arguments: ["logistic-plain", "logistic-full"])
  func batchLBFGSAndFTRLMeet(name: String) throws {
    let golden = try RankerGolden.load(name)
    let optimum = try #require(golden.optimum)
    let exact = try golden.makeRanker()
    let minimum = LBFGS(tolerance: 1e-6).minimize(exact) { exact.loss(golden.rankingBatch, $0) }
    #expect(abs(minimum.value - optimum) < 1e-5, "\(minimum.value) instead of \(optimum)")

    let ranker = try golden.makeRanker()
    let optimizer = FTRL(ParameterList(ranker).trainable, learningRate: 1)
    var loss = Double.infinity
    for _ in 0..<3000 {
      let pass = Pass.training(seed: 1)
      let value = ranker.loss(golden.rankingBatch, pass)
      loss = Double(value.item())
      optimizer.step(pass.gradients(of: value))
    }
    #expect(abs(loss - optimum) < 1e-4, "\(loss) instead of \(optimum)")
  }

  /// An intercept alone learns the base rate, row by row, whatever the penalties: biases are exempt.
  @Test func anInterceptLearnsTheBaseRate() throws {
    let count = 400
    let input = RankerInput(layout: FeatureLayout(numeric: ["nothing"]))
    let batch = RankingBatch(
      count: count, numeric: [Float](repeating: 0, count: count), numericWidth: 1,
      labels: (0..<count).map { $0 % 8 == 0 ? 1 : 0 })
    let json = """
      {"optimizer": "ftrl", "learning_rate": 0.5, "ftrl": {"l1": 3, "l2": 5},
       "epochs": 500, "patience": 500, "batch_size": 400, "monitor": "log_loss"}
      """
    let plan = try JSONDecoder().decode(RankerTraining.self, from: Data(json.utf8))
    let ranker = try LogisticRegression(configuration: .init(), input: input, seed: 1)
    try plan.fit(ranker, training: batch, validation: batch)
    #expect(abs(Double(ranker.scores(of: batch)[0]) - log(1.0 / 7)) < 0.01)
  }

  @Test func onlyFTRLReadsItsPenalties() throws {
    #expect(throws: RankerError.self) {
      try JSONDecoder().decode(RankerTraining.self, from: Data(#"{"ftrl": {"l1": 3}}"#.utf8))
    }
    #expect(throws: RankerError.self) {
      try JSONDecoder().decode(
        RankerTraining.self, from: Data(#"{"optimizer": "ftrl", "ftrl": {"l3": 3}}"#.utf8))
    }
  }
}
