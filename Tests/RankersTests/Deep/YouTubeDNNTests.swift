import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct YouTubeDNNTests {
  private func make(
    _ world: RankerWorld, hidden: [Int] = [16, 8]
  ) throws -> YouTubeDNN {
    var configuration = YouTubeDNN.Configuration()
    configuration.width = 4
    configuration.hidden = hidden
    return try YouTubeDNN(configuration: configuration, input: world.input, seed: 1)
  }

  private func withoutImages() -> RankerWorld {
    var world = RankerWorld()
    world.layout.visual = false
    world.layout.visualHistory = false
    return world
  }

  /// Three positives watched 10, 20 and 30 minutes among 97 negatives, with nothing to tell them
  /// apart by: the odds are 60/97, and with P = 3/100 the expected minutes 0.6.
  @Test(arguments: [1.0, 5.0]) func theBiasLearnsExpectedWeights(unit: Double) throws {
    let model = try make(withoutImages(), hidden: [])
    for parameter in parameters(of: model) {
      parameter.value = Tensor(zeros: parameter.value.shape)
    }
    let bias = try #require(
      ParameterList(model).entries.first { $0.name == "network.layers.0.bias" }?.parameter)
    var batch = RankingBatch(
      count: 100, categorical: [[Int32]](repeating: [Int32](repeating: 0, count: 100), count: 4),
      bags: [Bag](repeating: Bag(emptyLists: 100), count: 3),
      numeric: [Float](repeating: 0, count: 200), numericWidth: 2,
      labels: (0..<100).map { $0 < 3 ? 1 : 0 })
    batch.weights = (0..<100).map { $0 < 3 ? Float(unit) * Float(10 * ($0 + 1)) : 0.5 }
    var z = 0.0
    for _ in 0..<60 {
      let pass = Pass.training(seed: 1)
      let gradients = pass.gradients(of: model.loss(batch, pass, by: WeightedLogisticLoss()))
      let slope = Double(gradients.dense(bias).item()) * 100
      let p = 1 / (1 + exp(-z))
      z -= slope / ((60 * unit + 97) * p * (1 - p))
      bias.value = Tensor([Scalar(z)])
    }
    #expect(abs(z - (log(60.0 / 97) + log(unit))) < 1e-5)
    if unit == 1 { #expect(abs(z - -0.480366) < 1e-5) }
    let odds = RankerOutput.odds.shown(model.scores(of: batch)[0])
    #expect(abs(Double(odds) - unit * 0.618557) < 1e-4)
    #expect(abs(Double(odds) * 0.97 - unit * 0.6) < 1e-4)
  }

  @Test func oddsAreShownUpToALimit() throws {
    #expect(RankerOutput.odds.shown(0) == 1)
    #expect(RankerOutput.odds.shown(1000) == exp(15))
    #expect(RankerOutput.odds.shown(-1000) == 0)
    var plan = RankerTraining()
    plan.loss = RankingLossSpecification(WeightedLogisticLoss())
    let model = try make(withoutImages())
    #expect(model.output(of: plan) == .odds)
    #expect(model.output(of: RankerTraining()) == .logit)
  }

  @Test func theUnknownIsTheZeroVectorAndLearnsNothing() throws {
    var world = withoutImages()
    let model = try make(world)
    var batch = world.batch(12)
    batch.categorical[0][3] = 0
    batch.bags[0] = Bag((0..<12).map { $0 == 5 ? [0, 0] : [Int32($0), 0] })
    batch.bags[2] = Bag(emptyLists: 12)
    let pass = Pass.inference()
    let vectors = model.columns(batch, pass).vectors
    let item = vectors[0].slice(axis: 1, 0..<1).scalars
    #expect(item[12..<16].allSatisfy { $0 == 0 } && item[16..<20].contains { $0 != 0 })
    // The mean counts what it does not know, and the last watched is unknown in all rows.
    let history = vectors[1].slice(axis: 1, 0..<1).scalars
    let table = model.columns.embeddings.table.value.scalars
    #expect(zip(history[16..<20], table[16..<20]).allSatisfy { $0 == $1 / 2 })
    #expect(history[20..<24].allSatisfy { $0 == 0 })
    #expect(vectors[2].scalars.allSatisfy { $0 == 0 })
    let training = Pass.training(seed: 1)
    let gradients = training.gradients(of: model.loss(batch, training))
    let row = gradients.dense(model.columns.embeddings.table).scalars
    #expect(row[0..<4].allSatisfy { $0 == 0 } && row.contains { $0 != 0 })
  }

  @Test func candidateHistoryAndLastWatchedShareATable() throws {
    let world = withoutImages()
    let model = try make(world)
    let batch = RankingBatch(
      count: 2, categorical: [[7, 3], [1, 1], [1, 1], [5, 5]],
      bags: [Bag([[7], [9, 3]]), Bag([[], []]), Bag([[5], [1, 2]])], numeric: [0, 0, 0, 0],
      numericWidth: 2)
    let vectors = model.columns(batch, .inference()).vectors
    let item = vectors[0].slice(axis: 1, 0..<1).scalars
    let history = vectors[1].slice(axis: 1, 0..<1).scalars
    let last = vectors[2].scalars
    #expect(item[0..<4] == history[0..<4], "a history of the candidate alone")
    #expect(last == item, "both were watched last")
    #expect(history[4..<8] != item[4..<8])
  }
}
