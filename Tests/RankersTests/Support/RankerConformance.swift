import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

func parameters(of module: some Module) -> [Parameter] {
  ParameterList(module).entries.map(\.parameter)
}

extension RankingBatch {
  /// Every list backwards, with all that stands beside it.
  fileprivate func reversingLists() -> RankingBatch {
    var reversed = self
    reversed.bags = bags.map { bag in Bag((0..<count).map { Array(bag[$0].reversed()) }) }
    reversed.visualHistory = Bag((0..<count).map { Array(visualHistory[$0].reversed()) })
    return reversed
  }
}

/// What every ranker must satisfy, whatever it computes.
struct RankerConformance {
  let specification: RankerSpecification
  /// Reached by plain Adam steps at this rate.
  var learningRate: Scalar = 0.02
  var overfitSteps = 400
  /// Whether the order of the history says something.
  var readsOrder = false
  /// How far a score may be from what it is in another batch; in proportion to the scale of scores.
  var tolerance = 1e-6

  func check() throws {
    try paddingInvariance()
    try batchIndependence()
    try preparedEqualsUnprepared()
    try gradientsReachEveryParameter()
    try overfit()
    try roundTrip()
    try degenerateInputs()
    try determinism()
  }

  /// P1: neither longer lists elsewhere in the batch, nor images that are not there, nor the order
  /// within a list change a row.
  private func paddingInvariance() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(specification)
    let batch = world.batch(9)
    let logits = ranker.scores(of: batch)

    var padded = batch
    padded.visualHistory = Bag(
      (0..<9).map { row in
        [-1] + batch.visualHistory[row].map { $0 < 0 ? Int32(world.table.count) : $0 }
      })
    #expect(maximumDifference(ranker.scores(of: padded), logits) < 1e-6, "padded image histories")

    let reversed = batch.reversingLists()
    let change = maximumDifference(ranker.scores(of: reversed), logits)
    #expect(readsOrder ? change > 1e-6 : change < 1e-6, "reversed lists")

    var longer = batch.batch([0, 1, 2, 3, 4, 5, 6, 7, 8, 8])
    longer.bags = longer.bags.map { bag in
      Bag((0..<10).map { $0 < 9 ? Array(bag[$0]) : [Int32](repeating: 1, count: 200) })
    }
    longer.bagAges = zip(longer.bags, batch.bagAges).map { bag, ages in
      ages.isEmpty ? [] : ages + [Float](repeating: 7200, count: bag.values.count - ages.count)
    }
    #expect(
      maximumDifference(ranker.scores(of: longer).dropLast(), logits) < 1e-6, "a longer list")
  }

  /// P2: a row's logit does not depend on its neighbours.
  private func batchIndependence() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(specification)
    let batch = world.batch(17)
    let together = ranker.scores(of: batch)
    let alone = (0..<17).flatMap { ranker.scores(of: batch.batch([$0])) }
    #expect(maximumDifference(alone, together) < tolerance)
    #expect(Set(together).count == 17, "rows are told apart")
  }

  private func preparedEqualsUnprepared() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(specification)
    ranker.visual?.standardize()
    let prepared = ranker.prepared()
    #expect(prepared.visual?.isPrepared ?? true)
    let batch = world.batch(33)
    #expect(maximumDifference(prepared.scores(of: batch), ranker.scores(of: batch)) < 1e-6)
  }

  private func gradientsReachEveryParameter() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(specification)
    let batch = world.batch(33)
    let pass = Pass.training(seed: 1)
    let gradients = pass.gradients(of: ranker.loss(batch, pass))
    for entry in ParameterList(ranker).entries where entry.parameter.trainable {
      let gradient = gradients.dense(entry.parameter)
      #expect(gradient.isFinite && gradient.scalars.contains { $0 != 0 }, "\(entry.name)")
    }
  }

  /// P4: 32 rows with distinct items can be learnt by heart.
  private func overfit() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(specification)
    let batch = world.batch(32)
    let optimizer = Adam(ParameterList(ranker).trainable, learningRate: learningRate)
    for step in 0..<overfitSteps {
      let pass = Pass.training(seed: UInt64(step))
      optimizer.step(pass.gradients(of: ranker.loss(batch, pass)))
      pass.applyObservations()
    }
    let loss = logLoss(ranker.logits(batch, .inference()), batch).item()
    #expect(loss < 0.02)
  }

  /// P5: saved and loaded, a ranker gives the same bits.
  private func roundTrip() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(specification)
    ranker.visual?.standardize()
    let file = FileManager.default.temporaryDirectory.appending(
      path: "ranker-\(UUID().uuidString).safetensors"
    ).path
    defer { try? FileManager.default.removeItem(atPath: file) }
    try ParameterList(ranker).save(to: file)
    let stored = try JSONDecoder().decode(
      RankerSpecification.self, from: JSONEncoder().encode(ranker.specification))
    let loaded = try world.makeRanker(stored, seed: 99)
    let batch = world.batch(21)
    #expect(loaded.scores(of: batch) != ranker.scores(of: batch))
    try ParameterList(loaded).load(from: file)
    #expect(loaded.scores(of: batch) == ranker.scores(of: batch))
    #expect(loaded.prepared().scores(of: batch) == ranker.prepared().scores(of: batch))
  }

  /// P7: nothing unusual in a batch makes a number infinite.
  private func degenerateInputs() throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(specification)
    let batch = world.batch(6)

    var empty = batch
    empty.bags = batch.bags.map { _ in Bag(emptyLists: 6) }
    empty.bagAges = batch.bags.map { _ in [] }
    empty.visualHistory = Bag(emptyLists: 6)
    empty.visualRows = [Int32](repeating: -1, count: 6)
    var unknown = batch
    unknown.categorical = batch.categorical.map { _ in [Int32](repeating: 0, count: 6) }
    var outside = batch
    outside.categorical = batch.categorical.map { _ in [Int32](repeating: 1_000_000, count: 6) }
    var positive = batch
    positive.labels = [Float](repeating: 1, count: 6)
    var negative = batch
    negative.labels = [Float](repeating: 0, count: 6)
    for batch in [empty, unknown, outside, positive, negative, batch.batch([3])] {
      #expect(allFinite(ranker.scores(of: batch)))
      #expect(allFinite(ranker.prepared().scores(of: batch)))
      let pass = Pass.training(seed: 1)
      let loss = ranker.loss(batch, pass)
      #expect(loss.item().isFinite)
      let gradients = pass.gradients(of: loss)
      #expect(gradients.norm(of: parameters(of: ranker)).isFinite)
    }
    #expect(ranker.scores(of: unknown) == ranker.scores(of: outside), "an id outside is unknown")
    #expect(ranker.scores(of: batch.batch([])).isEmpty)
    let without = try RankerRegistry.make(specification, input: world.input)
    #expect(allFinite(without.scores(of: batch)), "no table attached")
  }

  /// Equal seeds give equal models, other seeds others.
  private func determinism() throws {
    var world = RankerWorld()
    let (training, validation) = (world.batch(64), world.batch(32))
    func train(seed: UInt64) throws -> [Float] {
      var plan = RankerTraining()
      plan.epochs = 2
      plan.batchSize = 16
      plan.seed = seed
      let ranker = try world.makeRanker(specification)
      try plan.fit(ranker, training: training, validation: validation)
      return ranker.scores(of: validation)
    }
    #expect(try train(seed: 4) == train(seed: 4))
    #expect(try train(seed: 4) != train(seed: 5))
  }
}
