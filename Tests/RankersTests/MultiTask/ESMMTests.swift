import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct ESMMTests {
  private func joint(_ a: Scalar, _ b: Scalar) -> Scalar {
    jointLogit(Tensor([a], shape: [1, 1]), Tensor([b], shape: [1, 1])).item()
  }

  @Test func theJointLogitIsThatOfTheProduct() {
    for a in [-3, -0.5, 0, 2] as [Scalar] {
      for b in [-4, 0, 1.5] as [Scalar] {
        let p = 1 / (1 + exp(-Double(a))) / (1 + exp(-Double(b)))
        #expect(abs(Double(joint(a, b)) - log(p / (1 - p))) < 1e-5)
      }
    }
  }

  /// The golden of the specification: nothing known, clicked, not converted.
  @Test func loss() {
    let zero = Tensor(zeros: [1])
    let click = sigmoidCrossEntropy(logits: zero, labels: [1]).item()
    let both = sigmoidCrossEntropy(
      logits: jointLogit(zero.reshaped([1, 1]), zero.reshaped([1, 1])), labels: [0]
    ).item()
    #expect(abs(click + both - 0.980829) < 1e-5)
  }

  @Test func extremesStayFinite() {
    for a in [-80, 80] as [Scalar] {
      for b in [-80, 80] as [Scalar] {
        let parameter = Parameter(Tensor([a, b], shape: [1, 2]))
        for label in [0, 1] as [Scalar] {
          let pass = Pass.training(seed: 1)
          let x = pass.read(parameter)
          let loss = sigmoidCrossEntropy(
            logits: jointLogit(x.slice(axis: 1, 0..<1), x.slice(axis: 1, 1..<2)), labels: [label])
          #expect(loss.item().isFinite && pass.gradients(of: loss).dense(parameter).isFinite)
        }
      }
    }
  }

  @Test func bothAreRarerThanEither() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(RankerSpecification(SmallMultiTask.esmm))
    let outcomes = try #require(ranker.forward(world.batch(40), .inference()).tasks).scalars
    for row in 0..<40 {
      #expect(outcomes[3 * row + 2] <= min(outcomes[3 * row], outcomes[3 * row + 1]) + 1e-6)
    }
  }

  @Test func rowsWithoutAClickTeachTheConversion() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(RankerSpecification(SmallMultiTask.esmm))
    var batch = world.batch(8)
    batch.labels = [Float](repeating: 0, count: 8)
    // What stands there in rows without a click says nothing.
    for value in [Float.nan, 0] {
      batch.taskLabels = [[Float](repeating: value, count: 8)]
      let pass = Pass.training(seed: 1)
      let found = pass.gradients(of: ranker.loss(batch, pass))
      for entry in ParameterList(ranker).entries where entry.name.hasPrefix("conversion.") {
        #expect(found.dense(entry.parameter).scalars.contains { $0 != 0 }, "\(entry.name)")
      }
    }
  }

  /// What is known of the click enters the product, and leaves what follows a click alone.
  @Test func theProductFollowsTheClick() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(RankerSpecification(SmallMultiTask.esmm))
    var batch = world.batch(12)
    let found = try #require(ranker.forward(batch, .inference()).tasks).scalars
    batch.offsets = (0..<12).map { Float($0 % 3) / 2 }
    var expected: Scalar = 0
    for row in 0..<12 {
      let (a, b) = (found[3 * row] - Scalar(batch.offsets[row]), found[3 * row + 1])
      let label = batch.labels[row] > 0 ? batch.labels[row] * batch.taskLabels[0][row] : 0
      guard !label.isNaN else { continue }
      expected += sigmoidCrossEntropy(
        logits: Tensor([joint(a, b)], shape: [1]), labels: [Scalar(label)]
      ).item()
    }
    let both = ESMM.outcomeLabels(label: batch.labels, tasks: batch.taskLabels)[2]
    let terms = Scalar(both.count { !$0.isNaN })
    let losses = ranker.losses(
      of: ranker.forward(batch, .inference()), batch, .inference(), by: LogisticLoss())
    #expect(abs(losses[1].item() - expected / terms) < 1e-5)
  }

  @Test func labelsOfEveryOutcome() {
    let labels = ESMM.outcomeLabels(label: [0, 1, 1, 1], tasks: [[0, 1, 0, .nan]])
    #expect(labels[0] == [0, 1, 1, 1])
    #expect(labels[1][0].isNaN && labels[1][3].isNaN && labels[1][1...2] == [1, 0])
    #expect(labels[2][..<3] == [0, 1, 0] && labels[2][3].isNaN)
  }

  @Test func aConversionWithoutAClickIsRefused() throws {
    var world = RankerWorld()
    var ranker: any Ranker = try world.makeRanker(RankerSpecification(SmallMultiTask.esmm))
    var batch = world.batch(16)
    batch.taskLabels[0][2] = 1
    func fit(_ plan: RankerTraining) throws {
      try ranker.fit(
        training: batch, validation: batch, plan: plan, checkpoint: nil, report: { _ in })
    }
    let error = #expect(throws: RankerError.self) { try fit(RankerTraining()) }
    #expect(error?.description.contains("row 2") == true)
    batch.taskLabels[0][2] = 0
    var lists = RankerTraining()
    lists.loss = RankingLossSpecification(LambdaRankLoss())
    let other = #expect(throws: RankerError.self) { try fit(lists) }
    #expect(other?.description.contains("use 'logistic'") == true)
  }

  @Test(arguments: [[], ["purchase", "like"]]) func oneConversionOnly(tasks: [String]) {
    var world = RankerWorld()
    world.layout.tasks = tasks
    #expect(throws: RankerError.self) {
      try world.makeRanker(RankerSpecification(SmallMultiTask.esmm))
    }
  }
}
