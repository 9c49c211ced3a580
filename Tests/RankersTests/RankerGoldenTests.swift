import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

/// The models against `tools/reference/rankers.py`.
@Suite struct RankerGoldenTests {
  @Test(arguments: RankerGolden.names)
  func forward(name: String) throws {
    let golden = try RankerGolden.load(name)
    let ranker = try golden.makeRanker()
    let logits = ranker.scores(of: golden.rankingBatch)
    #expect(maximumDifference(logits, golden.logits) < 1e-5)
    let loss = ranker.loss(golden.rankingBatch, .inference()).item()
    #expect(abs(Double(loss) - golden.loss) < 1e-5)
  }

  @Test(arguments: RankerGolden.names)
  func gradients(name: String) throws {
    let golden = try RankerGolden.load(name)
    let ranker = try golden.makeRanker()
    let pass = Pass.training(seed: 1)
    let found = pass.gradients(of: ranker.loss(golden.rankingBatch, pass))
    let entries = ParameterList(ranker).entries.filter(\.parameter.trainable)
    #expect(Set(entries.map(\.name)) == Set(golden.gradients.keys))
    for entry in entries {
      let expected = try #require(golden.gradients[entry.name])
      let difference = maximumDifference(found.dense(entry.parameter).scalars, expected)
      #expect(difference < 1e-4, "\(entry.name)")
      #expect(expected.contains { $0 != 0 }, "\(entry.name) is not exercised")
    }
  }

  @Test(arguments: RankerGolden.names)
  func tenAdamSteps(name: String) throws {
    let golden = try RankerGolden.load(name)
    let ranker = try golden.makeRanker()
    let optimizer = Adam(
      ParameterList(ranker).trainable, learningRate: Scalar(golden.learningRate))
    var curve: [Double] = []
    for step in 0..<golden.curve.count {
      let pass = Pass.training(seed: UInt64(step))
      let loss = ranker.loss(golden.rankingBatch, pass)
      curve.append(Double(loss.item()))
      optimizer.step(pass.gradients(of: loss))
    }
    #expect(maximumDifference(curve, golden.curve) < 1e-4)
  }

  @Test func tablesOfIdsHaveRowGradients() throws {
    let golden = try RankerGolden.load("deepfm-full")
    let ranker = try #require(try golden.makeRanker() as? DeepFM)
    let pass = Pass.training(seed: 1)
    let found = pass.gradients(of: ranker.loss(golden.rankingBatch, pass))
    for table in [ranker.embeddings.table, ranker.firstOrder.table] {
      guard case .rows = found[table] else {
        Issue.record("a table of ids was given a dense gradient")
        continue
      }
    }
  }
}
