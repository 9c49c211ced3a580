import FileSupport
import RankingData
import Slates
import Testing
import Vitrine

/// What `train` reads of a slate model's training.
@Suite struct SlateTrainingFileTests {
  private func file(_ training: String) throws -> Seq2SlateTraining {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      """
      model: {kind: seq2slate, cells: 8}
      data: {impressions: log.csv}
      base: ranker
      training: {\(training)}
      """, to: "slate.yaml")
    guard case .slate(.seq2slate(_, let training), _) = try TrainingFile(path: path).task else {
      throw TestFailure()
    }
    return training
  }

  private struct TestFailure: Error {}

  private func plan(_ model: String, _ training: String) throws -> SlatePlan {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      """
      model: {\(model)}
      data: {impressions: log.csv}
      base: ranker
      training: {\(training)}
      """, to: "slate.yaml")
    guard case .slate(let plan, _) = try TrainingFile(path: path).task else { throw TestFailure() }
    return plan
  }

  @Test func everyKindHasKeysOfItsOwn() throws {
    var shape = PRMConfiguration()
    (shape.width, shape.heads, shape.blocks) = (32, 2, 3)
    var training = PRMTraining()
    training.epochs = 4
    #expect(
      try plan("kind: prm, width: 32, heads: 2, blocks: 3", "epochs: 4")
        == .prm(shape, training))
    #expect(
      try plan("kind: seq2slate, novelty: true", "epochs: 4").specification
        == .seq2slate(Seq2SlateConfiguration(novelty: true)))
    for (model, training, says): (String, String, [String]) in [
      ("kind: prm, cells: 4", "epochs: 4", ["model.cells", ":1:"]),
      ("kind: prm, width: 10", "epochs: 4", ["heads", "divide", ":1:"]),
      ("kind: prm", "steps: 4", ["training.steps", ":4:"]),
      ("kind: prm", "patience: 0", ["patience", "at least 1", ":4:"]),
      ("kind: seq2slate, heads: 4", "epochs: 4", ["model.heads", ":1:"]),
      ("kind: pmr", "epochs: 4", ["\"pmr\"", "prm"]),
    ] {
      let error = #expect(throws: RankingDataError.self) { try plan(model, training) }
      let message = try #require(error).description
      for part in says { #expect(message.contains(part), "\(message)") }
    }
  }

  @Test func bothStagesAreRead() throws {
    let plan = try file(
      "loss: hinge, prefix: samples, propensity: {eta: 0.5},"
        + " reinforce: {epochs: 4, reward: map, baseline: critic, learning_rate: 0.0002}")
    #expect(plan.loss == .hinge && plan.prefix == .samples && plan.propensity?.eta == 0.5)
    #expect(plan.reinforce?.epochs == 4 && plan.reinforce?.baseline == .critic)
    #expect(plan.reinforce?.learningRate == 0.0002)
    let old = try file("epochs: 3, model_share: 0.5, annealing: 0.2, criterion: loss")
    #expect(old.reinforce == nil && old.propensity == nil && old.prefix == .greedy)
  }

  @Test(arguments: [
    ("reinforce: {epoch: 4}", ["training.reinforce.epoch", "\"epochs\""]),
    ("propensity: {eta: 1, clips: 3}", ["training.propensity.clips", "\"clip\""]),
    ("reinforce: 3", ["training.reinforce", "epochs"]),
    ("los: hinge", ["training.los", "\"loss\""]),
    ("loss: squared", ["loss"]),
    ("prefix: model", ["prefix"]),
    ("reinforce: {epochs: 0}", ["reinforce.epochs", "at least 1"]),
    ("reinforce: {}, criterion: loss", ["criterion", "ndcg"]),
    ("propensity: {eta: -1}", ["propensity.eta", "0...10"]),
  ])
  func mistakesAreNamed(_ training: String, says: [String]) throws {
    let error = #expect(throws: RankingDataError.self) { try file(training) }
    let message = try #require(error).description
    for part in [":4:"] + says { #expect(message.contains(part), "\(message)") }
  }
}
