import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct DSSMTests {
  private func make(
    _ world: RankerWorld, _ change: (inout DSSM.Configuration) -> Void = { _ in }
  ) throws -> DSSM {
    var configuration = DSSM.Configuration()
    configuration.width = 6
    configuration.hidden = [12, 8]
    configuration.item = ["price"]
    change(&configuration)
    return try #require(try world.makeRanker(RankerSpecification(configuration)) as? DSSM)
  }

  /// One positive, first or elsewhere, and four negatives of one user.
  private func request(_ world: inout RankerWorld, positive: Int = 0) -> RankingBatch {
    var batch = world.batch(5)
    let first = batch.batch([0, 0, 0, 0, 0])
    let items = batch.categorical[0]
    let (prices, images) = (batch.numeric, batch.visualRows)
    batch = first
    batch.categorical[0] = items
    batch.visualRows = images
    for row in 0..<5 { batch.numeric[row * 2] = prices[row * 2] }
    batch.labels = (0..<5).map { $0 == positive ? 1 : 0 }
    return batch
  }

  @Test func towersReadTheirSides() throws {
    var world = RankerWorld()
    world.layout.categorical.append(.init(name: "device × category", rows: 9))
    let model = try make(world)
    #expect(model.item.fields.layout.categorical.map(\.name) == ["item", "category"])
    #expect(model.item.fields.layout.numeric == ["price"] && model.item.fields.bags.isEmpty)
    #expect(model.user.fields.layout.categorical.map(\.name) == ["user", "device"])
    #expect(
      model.user.fields.layout.bags.map(\.name) == ["history", "tags", "history.category"])
    #expect(model.user.fields.layout.numeric == ["age"])
    let chosen = try make(world) { $0.user = ["user", "category", "history"] }
    #expect(chosen.item.fields.layout.categorical.map(\.name) == ["item"])
    #expect(chosen.user.fields.layout.categorical.map(\.name) == ["user", "category"])
  }

  @Test func aNameStandsForAllThatTheSchemaMakesOfAField() throws {
    var world = RankerWorld()
    world.layout.numeric = ["price", "price^0.5", "price is missing", "rate of category", "prices"]
    world.layout.categorical.append(.init(name: "buckets of price", rows: 5))
    let model = try make(world) { $0.item = ["price", "category"] }
    #expect(model.item.fields.layout.numeric == Array(world.layout.numeric.dropLast()))
    #expect(
      model.item.fields.layout.categorical.map(\.name) == ["item", "category", "buckets of price"])
  }

  @Test func aTowerWithoutFieldsAndAFieldOnBothSidesAreRefused() throws {
    let world = RankerWorld()
    #expect(throws: RankerError.self) { try make(world) { $0.user = ["price"] } }
    #expect(throws: RankerError.self) { try make(world) { $0.item = ["prize"] } }
    let layout = FeatureLayout(categorical: [.init(name: "user", rows: 4)])
    let error = #expect(throws: RankerError.self) {
      try DSSM(configuration: .init(), input: RankerInput(layout: layout), seed: 1)
    }
    #expect(error?.description.contains("under 'item'") == true)
  }

  @Test func scoresAreScaledCosines() throws {
    var world = RankerWorld()
    let model = try make(world)
    let batch = world.batch(12)
    let pass = Pass.inference()
    let user = model.user(batch, model.visual?.histories(batch, pass), pass)
    let item = model.item(batch, model.visual?.candidates(batch, pass), pass)
    // Whatever either tower's output is multiplied by, the cosine stays.
    for (a, b) in [(Scalar(1), Scalar(1)), (7, 0.5)] {
      let (u, i) = (user * a, item * b)
      let lengths = (u.square().sum(axis: 1) * i.square().sum(axis: 1)).sqrt()
      let cosines = (u * i).sum(axis: 1) / lengths * 10
      #expect(maximumDifference(cosines.scalars, model.scores(of: batch)) < 1e-5)
    }
    let lengths = model.itemVectors(of: batch).square().sum(axis: 1).scalars
    #expect(lengths.allSatisfy { abs($0 - 1) < 1e-5 })
  }

  @Test func keptVectorsGiveTheScoresOfTheWholeModel() throws {
    var world = RankerWorld()
    let model = try make(world) { $0.gamma = 1 }.prepared()
    let batch = request(&world)
    let catalogue = model.itemVectors(of: batch)
    let user = model.userVectors(of: batch.batch([0]))
    let kept = matmul(user, catalogue, transposeB: true).scalars
    #expect(maximumDifference(kept, model.scores(of: batch)) < 1e-6)
    // The vector of an item does not depend on who asks.
    let others = world.batch(5)
    var asked = others
    asked.categorical[0] = batch.categorical[0]
    asked.categorical[3] = batch.categorical[3]
    asked.visualRows = batch.visualRows
    for row in 0..<5 { asked.numeric[row * 2] = batch.numeric[row * 2] }
    #expect(maximumDifference(model.itemVectors(of: asked).scalars, catalogue.scalars) < 1e-6)
  }

  @Test func theUserIsComputedOnceForARequest() throws {
    var world = RankerWorld()
    let model = try make(world)
    let batch = request(&world)
    let runs = RowRuns(batch.selecting(model.user.fields), images: true)
    #expect(runs.heads == [0] && runs.runs == [0, 0, 0, 0, 0])
    let mixed = world.batch(6)
    #expect(RowRuns(mixed.selecting(model.user.fields), images: true).heads.count == 6)
    let alone = (0..<5).flatMap { model.scores(of: batch.batch([$0])) }
    #expect(maximumDifference(alone, model.scores(of: batch)) < 1e-5)
  }

  @Test func theLossKnowsItsLimits() throws {
    var world = RankerWorld()
    let blind = try make(world) { $0.gamma = 0 }
    let batch = request(&world)
    let loss = { (model: DSSM, batch: RankingBatch) in
      Double(model.loss(batch, .inference(), by: SoftmaxLoss()).item())
    }
    #expect(abs(loss(blind, batch) - log(5)) < 1e-6)
    // Four negatives and γ = 1: no lower than log(1 + 4 e^-2), however long it learns.
    let model = try make(world) { $0.gamma = 1 }
    let floor = log(1 + 4 * exp(-2.0))
    let optimizer = Adam(ParameterList(model).trainable, learningRate: 0.02)
    for step in 0..<200 {
      let pass = Pass.training(seed: UInt64(step))
      optimizer.step(pass.gradients(of: model.loss(batch, pass, by: SoftmaxLoss())))
    }
    #expect(loss(model, batch) > floor - 1e-6 && loss(model, batch) < floor + 0.05)
    let shuffled = batch.batch([0, 3, 1, 4, 2])
    #expect(abs(loss(model, shuffled) - loss(model, batch)) < 1e-6, "the order of negatives")
  }
}
