import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

/// What the kinds of sharing are in their limits.
@Suite struct TaskNetworkTests {
  private func entries(_ ranker: some Module, _ prefix: String = "") -> [(String, Parameter)] {
    ParameterList(ranker).entries.filter { $0.name.hasPrefix(prefix) }.map {
      ($0.name, $0.parameter)
    }
  }

  private func outcomes(_ ranker: any NeuralRanker, _ batch: RankingBatch) throws -> [Scalar] {
    try #require(ranker.forward(batch, .inference()).tasks).scalars
  }

  private func copy(_ from: some Module, _ source: String, to other: some Module, _ goal: String) {
    let values = Dictionary(uniqueKeysWithValues: entries(from))
    for (name, parameter) in entries(other, goal) {
      if let value = values[source + name.dropFirst(goal.count)] { parameter.value = value.value }
    }
  }

  // MARK: Experts

  @Test func oneExpertIsASharedBottom() throws {
    var world = RankerWorld()
    var configuration = SmallMultiTask.mmoe
    configuration.shape.experts = 1
    let experts = try world.makeRanker(RankerSpecification(configuration))
    let shared = try world.makeRanker(RankerSpecification(SmallMultiTask.sharedBottom))
    copy(shared, "", to: experts, "")
    copy(shared, "bottom.", to: experts, "mixture.experts.0.")
    let batch = world.batch(9)
    #expect(maximumDifference(try outcomes(experts, batch), try outcomes(shared, batch)) < 1e-6)
  }

  @Test func tiedGatesAreOneGate() throws {
    var world = RankerWorld()
    let multi = try world.makeRanker(RankerSpecification(SmallMultiTask.mmoe))
    let single = try world.makeRanker(RankerSpecification(SmallMultiTask.omoe))
    copy(multi, "", to: single, "")
    copy(multi, "mixture.gates.0.", to: multi, "mixture.gates.1.")
    let batch = world.batch(9)
    #expect(maximumDifference(try outcomes(multi, batch), try outcomes(single, batch)) < 1e-6)
  }

  @Test func expertsHaveNoOrder() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(RankerSpecification(SmallMultiTask.mmoe))
    let batch = world.batch(9)
    let before = try outcomes(ranker, batch)
    let values = Dictionary(uniqueKeysWithValues: entries(ranker).map { ($0, $1.value) })
    // Expert i moves to place i + 1, and with it its row of every gate.
    for (name, parameter) in entries(ranker, "mixture.experts.") {
      var parts = name.split(separator: ".").map(String.init)
      parts[2] = "\(((Int(parts[2]) ?? 0) + 2) % 3)"
      parameter.value = try #require(values[parts.joined(separator: ".")])
    }
    for (_, parameter) in entries(ranker, "mixture.gates.") {
      parameter.value = parameter.value.gatherRows([2, 0, 1])
    }
    #expect(maximumDifference(try outcomes(ranker, batch), before) < 1e-6)
  }

  @Test func aFrozenGateLeavesOneExpert() throws {
    var world = RankerWorld()
    world.layout.visual = false
    world.layout.visualHistory = false
    var configuration = SmallMultiTask.mmoe
    configuration.settings.tasks = ["click": 0, "purchase": 1]
    let ranker = try #require(
      try world.makeRanker(RankerSpecification(configuration)) as? MMoE)
    // A number that is always 1, and a gate that looks at it alone.
    var batch = world.batch(12)
    for row in 0..<12 { batch.numeric[row * 2] = 1 }
    let gate = ranker.mixture.gates[1].weight
    let width = gate.value.shape[1]
    gate.value = Tensor(shape: gate.value.shape) { out in out[width + width - 2] = 1000 }
    let rows = ranker.columns.rows(batch, .inference(), l2: 0).rows
    let shares = ranker.outcomes(of: rows, .inference()).gates
    for share in shares {
      #expect(share.sum(axis: 1).scalars.allSatisfy { abs($0 - 1) < 1e-6 })
    }
    #expect(shares[1].scalars == (0..<12).flatMap { _ in [0, 1, 0] as [Scalar] })
    let pass = Pass.training(seed: 1)
    let found = pass.gradients(of: ranker.loss(batch, pass))
    for (name, parameter) in entries(ranker, "mixture.experts.") {
      let moves = found.dense(parameter).scalars.contains { $0 != 0 }
      #expect(moves == name.hasPrefix("mixture.experts.1."), "\(name)")
    }
  }

  @Test func anEntropyBonusSpreadsTheGates() throws {
    func entropy(bonus: Double) throws -> Double {
      var world = RankerWorld()
      var configuration = SmallMultiTask.mmoe
      configuration.shape.entropyBonus = bonus
      let ranker = try world.makeRanker(RankerSpecification(configuration))
      let batch = world.batch(64)
      let optimizer = Adam(ParameterList(ranker).trainable, learningRate: 0.02)
      for step in 0..<40 {
        let pass = Pass.training(seed: UInt64(step))
        optimizer.step(pass.gradients(of: ranker.loss(batch, pass)))
      }
      return try #require(RankerQuality(of: ranker, on: batch).tasks?[1].gateEntropy)
    }
    #expect(try entropy(bonus: 1) > entropy(bonus: 0))
  }

  // MARK: Stitches and ties

  @Test func anIdentityStitchIsNoStitch() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(RankerSpecification(SmallMultiTask.crossStitch()))
    let batch = world.batch(9)
    for (_, stitch) in entries(ranker, "stitches.") {
      stitch.value = Tensor([1, 0, 0, 1], shape: [2, 2])
    }
    let before = try outcomes(ranker, batch)
    for (_, parameter) in entries(ranker, "networks.1.") + entries(ranker, "towers.1.") {
      parameter.value = parameter.value * 1.5
    }
    let after = try outcomes(ranker, batch)
    for row in 0..<9 {
      #expect(after[2 * row] == before[2 * row] && after[2 * row + 1] != before[2 * row + 1])
    }
  }

  @Test func aUniformStitchGivesAllTasksTheSame() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(RankerSpecification(SmallMultiTask.crossStitch()))
    for (_, stitch) in entries(ranker, "stitches.") {
      stitch.value = Tensor([0.5, 0.5, 0.5, 0.5], shape: [2, 2])
    }
    copy(ranker, "towers.0.", to: ranker, "towers.1.")
    let found = try outcomes(ranker, world.batch(9))
    for row in 0..<9 { #expect(abs(found[2 * row] - found[2 * row + 1]) < 1e-6) }
  }

  @Test func stitchesTakeStepsOfTheirOwn() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(RankerSpecification(SmallMultiTask.crossStitch()))
    let own = ranker.ownOptimizers()
    #expect(own.count == 1 && own[0].parameters.count == 2)
    #expect(own[0].make(own[0].parameters).learningRate == 0.1)
    for (_, stitch) in entries(ranker, "stitches.") {
      #expect(maximumDifference(stitch.value.scalars, [0.9, 0.1, 0.1, 0.9]) < 1e-6)
    }
    let before = entries(ranker, "stitches.").map(\.1.value.scalars)
    var plan = RankerTraining()
    (plan.epochs, plan.batchSize) = (1, 32)
    try plan.fit(ranker, training: world.batch(64), validation: world.batch(32))
    #expect(entries(ranker, "stitches.").map(\.1.value.scalars) != before)
  }

  @Test func aHugeTieMakesNetworksEqual() throws {
    func distance(tie: Double) throws -> Scalar {
      var world = RankerWorld()
      var configuration = SmallMultiTask.softSharing
      configuration.tie = tie
      let ranker = try world.makeRanker(RankerSpecification(configuration))
      let batch = world.batch(32)
      let optimizer = Adam(ParameterList(ranker).trainable, learningRate: 0.01)
      for step in 0..<200 {
        let pass = Pass.training(seed: UInt64(step))
        optimizer.step(pass.gradients(of: ranker.loss(batch, pass)))
      }
      return zip(entries(ranker, "networks.0."), entries(ranker, "networks.1.")).map {
        ($0.1.value - $1.1.value).square().sum().item()
      }.reduce(0, +)
    }
    let (tied, free) = (try distance(tie: 1000), try distance(tie: 0))
    #expect(tied < 1e-2 && free > 1, "\(tied), \(free)")
  }

  /// Compare them with single networks of the same size.
  @Test func networksOfTheirOwnCostTheirOwn() throws {
    var (one, three) = (RankerWorld(), RankerWorld())
    one.layout.tasks = []
    three.layout.tasks = ["purchase", "like"]
    let specification = RankerSpecification(SmallMultiTask.softSharing)
    func size(_ world: inout RankerWorld) throws -> Int {
      entries(try world.makeRanker(specification), "networks.").reduce(0) { $0 + $1.1.value.count }
    }
    #expect(try size(&three) == 3 * size(&one))
  }
}
