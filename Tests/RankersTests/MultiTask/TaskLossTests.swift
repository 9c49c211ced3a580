import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

/// How losses of several tasks become one.
@Suite struct TaskLossTests {
  private func gradients(_ ranker: some NeuralRanker, _ batch: RankingBatch) -> [String: [Scalar]] {
    let pass = Pass.training(seed: 1)
    let found = pass.gradients(of: ranker.loss(batch, pass))
    return Dictionary(
      uniqueKeysWithValues: ParameterList(ranker).entries.map {
        ($0.name, found.dense($0.parameter).scalars)
      })
  }

  /// A row that says nothing about a task has no part in it, whatever stands elsewhere.
  @Test func missingLabelsHaveNoGradient() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(RankerSpecification(SmallMultiTask.sharedBottom))
    var batch = world.batch(8)
    batch.taskLabels = [[Float](repeating: .nan, count: 8)]
    let none = gradients(ranker, batch)
    for (name, gradient) in none where name.hasPrefix("bottom.") || name.hasPrefix("towers.") {
      let isTower = name.hasPrefix("towers.1")
      #expect(gradient.contains { $0 != 0 } != isTower, "\(name)")
    }
    // Half observed: as the mean of the observed rows alone.
    batch.taskLabels = [[1, .nan, 0, .nan, 1, .nan, 1, .nan]]
    let rows = batch.batch([0, 2, 4, 6])
    let both = gradients(ranker, batch)
    let observed = gradients(ranker, rows)
    for (name, gradient) in both where name.hasPrefix("towers.1") {
      #expect(maximumDifference(gradient, observed[name] ?? []) < 1e-6, "\(name)")
    }
  }

  @Test func aTaskOfWeightZeroIsNotThere() throws {
    var with = RankerWorld()
    var without = RankerWorld()
    without.layout.tasks = []
    var configuration = SmallMultiTask.sharedBottom
    let single = try without.makeRanker(RankerSpecification(configuration))
    configuration.settings.tasks = ["purchase": 0]
    let double = try with.makeRanker(RankerSpecification(configuration))
    let names = Set(ParameterList(single).entries.map(\.name))
    let tower = ParameterList(double).entries.filter { !names.contains($0.name) }
    #expect(tower.allSatisfy { $0.name.hasPrefix("towers.1") } && !tower.isEmpty)
    // What both have started alike, and stays alike.
    let before = tower.map(\.parameter.value.scalars)
    let batch = with.batch(32)
    for ranker in [single, double] {
      for entry in ParameterList(ranker).entries where names.contains(entry.name) {
        let twin = ParameterList(single).entries.first { $0.name == entry.name }
        entry.parameter.value = Tensor(
          twin?.parameter.value.scalars ?? [], shape: entry.parameter.value.shape)
      }
    }
    for ranker in [single, double] {
      let optimizer = Adam(ParameterList(ranker).trainable, learningRate: 0.01)
      for step in 0..<5 {
        let pass = Pass.training(seed: UInt64(step))
        optimizer.step(pass.gradients(of: ranker.loss(batch, pass)))
      }
    }
    #expect(tower.map(\.parameter.value.scalars) == before)
    #expect(maximumDifference(single.scores(of: batch), double.scores(of: batch)) < 1e-6)
  }

  @Test func oneTaskIsTheSingleTaskNetwork() throws {
    var world = RankerWorld()
    world.layout.tasks = []
    var dense = DenseNetwork.Configuration()
    (dense.width, dense.hidden, dense.embeddingScale) = (6, [24, 12, 8], 0.1)
    let single = try world.makeRanker(RankerSpecification(dense))
    let shared = try world.makeRanker(RankerSpecification(SmallMultiTask.sharedBottom))
    let (a, b) = (ParameterList(single).entries, ParameterList(shared).entries)
    try #require(a.count == b.count)
    for (from, to) in zip(a, b) { to.parameter.value = from.parameter.value }
    let batch = world.batch(16)
    #expect(single.scores(of: batch) == shared.scores(of: batch))
    #expect(single.loss(batch, .inference()).item() == shared.loss(batch, .inference()).item())
  }

  /// Tasks are observed unevenly over the shards of a batch.
  @Test(arguments: SmallMultiTask.all)
  func shardsAddUp(specification: RankerSpecification) throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(specification)
    var batch = world.batch(700)
    for row in 0..<300 { batch.taskLabels[0][row] = .nan }
    func run(_ loss: (Pass) -> Tensor) -> (loss: Scalar, gradients: [[Scalar]]) {
      let pass = Pass.training(seed: 1)
      let value = loss(pass)
      let found = pass.gradients(of: value)
      return (
        value.item(), ParameterList(ranker).trainable.map { found.dense($0).scalars }
      )
    }
    let whole = run { ranker.loss(batch, $0) }
    let sharded = run { ranker.shardedLoss(batch, $0) }
    #expect(abs(whole.loss - sharded.loss) < 1e-5)
    for (a, b) in zip(whole.gradients, sharded.gradients) {
      #expect(maximumDifference(a, b) < 1e-5)
    }
  }

  @Test func learnedWeightsFollowTheNoise() throws {
    var configuration = SmallMultiTask.sharedBottom
    configuration.settings.learnedWeights = true
    var world = RankerWorld()
    let ranker = try world.makeRanker(RankerSpecification(configuration))
    var batch = world.batch(256)
    // The label follows from the row, the task from nothing.
    var random = RandomStream(seed: 5)
    batch.labels = (0..<256).map { batch.numeric[2 * $0] > 0 ? 1 : 0 }
    let optimizer = Adam(ParameterList(ranker).trainable, learningRate: 0.01)
    for step in 0..<60 {
      // Drawn anew, so that there is nothing to learn by heart.
      batch.taskLabels = [(0..<256).map { _ in Float(random.next(below: 2)) }]
      let pass = Pass.training(seed: UInt64(step))
      optimizer.step(pass.gradients(of: ranker.loss(batch, pass)))
    }
    let noise = try #require(
      ParameterList(ranker).entries.first { $0.name == "objective.logVariances" })
    #expect(noise.parameter.value.scalars[0] < noise.parameter.value.scalars[1])
  }

  /// Each learnt weight is one task's own, so that it has no say in how far tasks agree.
  @Test func learntWeightsAreNotShared() throws {
    func cosine(learnt: Bool) throws -> Double {
      var world = RankerWorld()
      var configuration = SmallMultiTask.sharedBottom
      configuration.settings.learnedWeights = learnt
      let ranker = try #require(
        try world.makeRanker(RankerSpecification(configuration)) as? SharedBottom)
      return try #require(
        ranker.agreements(on: world.batch(64), by: LogisticLoss()).first
      ).cosine
    }
    #expect(try abs(cosine(learnt: true) - cosine(learnt: false)) < 1e-4)
  }

  @Test func scoresMayBeMadeOfAllTasks() throws {
    var configuration = SmallMultiTask.esmm
    configuration.settings.score = ["click": 1, "purchase": 1]
    var world = RankerWorld()
    let ranker = try world.makeRanker(RankerSpecification(configuration))
    let batch = world.batch(9)
    let result = ranker.forward(batch, .inference())
    let outcomes = try #require(result.tasks).scalars
    for (row, score) in ranker.scores(of: batch).enumerated() {
      let joint = Double(outcomes[row * 3 + 2])
      #expect(abs(exp(Double(score)) - 1 / (1 + exp(-joint))) < 1e-6)
    }
    #expect(ranker.output(of: RankerTraining()) == .score)
    configuration.settings.score = [:]
    #expect(
      try world.makeRanker(RankerSpecification(configuration)).output(of: RankerTraining())
        == .logit)
  }

  @Test(arguments: [
    (#"{"kind": "mmoe", "tasks": {"purchse": 1}}"#, "click, purchase"),
    (#"{"kind": "mmoe", "score": {"like": 1}}"#, "click, purchase"),
    (#"{"kind": "mmoe", "tasks": {"click": 0, "purchase": 0}}"#, "nothing to learn"),
    (#"{"kind": "mmoe", "score": {"click": 0}}"#, "score alike"),
    (#"{"kind": "mmoe", "tasks": {"click": -1}}"#, "between"),
    (#"{"kind": "mmoe", "tasks": {"click": 1}, "learned_weights": true}"#, "weights already"),
    (#"{"kind": "mmoe", "expert": []}"#, "all the same"),
    (#"{"kind": "cross_stitch", "hidden": []}"#, "nothing to stitch"),
    (#"{"kind": "esmm", "tower": [3]}"#, "no key 'tower'"),
  ])
  func refusals(json: String, expected: String) throws {
    let error = #expect(throws: RankerError.self) {
      let specification = try JSONDecoder().decode(RankerSpecification.self, from: Data(json.utf8))
      _ = try RankerRegistry.make(specification, input: RankerWorld().input)
    }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }

  @Test func configurationsSurviveAFile() throws {
    for specification in SmallMultiTask.all {
      let written = try JSONEncoder().encode(specification)
      #expect(try JSONDecoder().decode(RankerSpecification.self, from: written) == specification)
    }
    #expect(ESMM.Configuration().settings.width == 18)
  }

  @Test func aTaskWithoutAnyLabelIsRefused() throws {
    var world = RankerWorld()
    var ranker: any Ranker = try world.makeRanker(RankerSpecification(SmallMultiTask.mmoe))
    var batch = world.batch(16)
    batch.taskLabels = [[Float](repeating: .nan, count: 16)]
    let error = #expect(throws: RankerError.self) {
      try ranker.fit(
        training: batch, validation: batch, plan: RankerTraining(), checkpoint: nil,
        report: { _ in })
    }
    #expect(error?.description.contains("'purchase'") == true)
  }

  @Test func qualityNamesEveryTask() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(RankerSpecification(SmallMultiTask.mmoe))
    let quality = try RankerQuality(of: ranker, on: world.batch(64))
    let tasks = try #require(quality.tasks)
    #expect(tasks.map(\.name) == ["click", "purchase"] && tasks.map(\.rows) == [64, 56])
    #expect(tasks[0].auc == quality.auc && tasks[0].logLoss == quality.logLoss)
    for task in tasks {
      #expect(abs((task.gate ?? []).reduce(0, +) - 1) < 1e-5 && task.gate?.count == 3)
      #expect((0...log(3) + 1e-6).contains(task.gateEntropy ?? -1))
    }
    let agreement = try #require(quality.agreements?.first)
    #expect(agreement.tasks == ["click", "purchase"] && (-1...1).contains(agreement.cosine))
    let written = try JSONDecoder().decode(
      RankerQuality.self, from: JSONEncoder().encode(quality))
    #expect(written == quality)
  }
}
