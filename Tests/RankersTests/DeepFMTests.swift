import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct DeepFMTests {
  private func make(_ world: RankerWorld, _ change: (inout DeepFM.Configuration) -> Void = { _ in })
    throws -> DeepFM
  {
    var configuration = DeepFM.Configuration()
    configuration.width = 4
    configuration.hidden = [16, 8]
    configuration.embeddingScale = 0.3
    change(&configuration)
    return try #require(
      try world.makeRanker(RankerSpecification(configuration)) as? DeepFM)
  }

  private func withoutImages() -> RankerWorld {
    var world = RankerWorld()
    world.layout.visual = false
    world.layout.visualHistory = false
    return world
  }

  @Test func zeroVectorsLeaveLogisticRegression() throws {
    var world = withoutImages()
    let model = try make(world)
    for parameter in parameters(of: model.embeddings) { parameter.zero() }
    // Without inputs the network is a constant made of its biases.
    for entry in ParameterList(model.network).entries where entry.name.hasSuffix("bias") {
      entry.parameter.zero()
    }
    let regression = try world.makeRanker(
      RankerSpecification(LogisticRegression.Configuration()))
    let linear = ParameterList(model).entries.filter { $0.name.hasPrefix("firstOrder.") }
    for entry in ParameterList(regression).entries {
      let match = try #require(linear.first { $0.name == entry.name })
      entry.parameter.value = match.parameter.value
    }
    #expect(ParameterList(regression).entries.count == linear.count)
    let batch = world.batch(12)
    #expect(maximumDifference(model.scores(of: batch), regression.scores(of: batch)) < 1e-6)
  }

  @Test func permutingFieldsChangesTheNetworkButNotThePairs() throws {
    var world = withoutImages()
    let model = try make(world)
    let batch = world.batch(12)
    let fields = concatenate(model.embeddings(batch, .inference()), axis: 1)
    let order: [Int32] = [3, 0, 6, 1, 8, 2, 5, 7, 4]
    #expect(fields.shape[1] == order.count)
    let permuted = concatenate(
      order.map { fields.slice(axis: 1, Int($0)..<Int($0) + 1) }, axis: 1)
    #expect(
      maximumDifference(
        pairwiseInteractions(fields).scalars, pairwiseInteractions(permuted).scalars) < 1e-6)
    let flat: Shape = [batch.count, order.count * 4]
    #expect(
      maximumDifference(
        model.network(fields.reshaped(flat), .inference()).scalars,
        model.network(permuted.reshaped(flat), .inference()).scalars) > 1e-3)
  }

  @Test func thePenaltyIsOnTheVectorsOfARow() throws {
    var world = withoutImages()
    let plain = try make(world)
    let penalized = try make(world) { $0.l2 = 0.5 }
    let batch = world.batch(12)
    let fields = concatenate(plain.embeddings(batch, .inference()), axis: 1).scalars
    let expected = 0.5 / 2 * fields.reduce(0) { $0 + $1 * $1 } / Scalar(batch.count)
    let penalty =
      penalized.loss(batch, .inference()).item() - plain.loss(batch, .inference()).item()
    #expect(expected > 0.1 && abs(penalty - expected) < 1e-5 * expected)
  }

  @Test func theTableLearnsFromBothBranches() throws {
    var world = withoutImages()
    let model = try make(world)
    let batch = world.batch(12)
    func gradient(pairs: Scalar, network: Scalar) -> [Scalar] {
      let pass = Pass.training(seed: 1)
      let fields = concatenate(model.embeddings(batch, pass), axis: 1)
      let flat = fields.reshaped([batch.count, fields.shape[1] * fields.shape[2]])
      let loss =
        pairwiseInteractions(fields).sum() * pairs + model.network(flat, pass).sum() * network
      return pass.gradients(of: loss).dense(model.embeddings.table).scalars
    }
    let (pairs, network) = (gradient(pairs: 1, network: 0), gradient(pairs: 0, network: 1))
    let both = gradient(pairs: 1, network: 1)
    #expect(maximumDifference(both, zip(pairs, network).map(+)) < 1e-5)
    #expect(pairs.contains { $0 != 0 } && network.contains { $0 != 0 })
    // The model itself is the sum of the linear terms and these two.
    let pass = Pass.training(seed: 1)
    let whole = pass.gradients(of: model.logits(batch, pass).sum())
    #expect(maximumDifference(whole.dense(model.embeddings.table).scalars, both) < 1e-5)
  }

  @Test func anItemInTheHistorySharesTheItemsVector() throws {
    let world = withoutImages()
    let model = try make(world)
    let batch = RankingBatch(
      count: 1, categorical: [[7], [1], [1], [5]], bags: [Bag([[7]]), Bag([[]]), Bag([[5]])],
      numeric: [0, 0], numericWidth: 2)
    let vectors = concatenate(model.embeddings(batch, .inference()), axis: 1)
    let item = vectors.slice(axis: 1, 0..<1).scalars
    let history = vectors.slice(axis: 1, 4..<5).scalars
    #expect(item == history)
    #expect(
      vectors.slice(axis: 1, 3..<4).scalars == vectors.slice(axis: 1, 6..<7).scalars,
      "and its category the category's")
    #expect(vectors.slice(axis: 1, 5..<6).scalars == [0, 0, 0, 0], "an empty list is no evidence")
  }

  @Test func dropoutActsInTrainingOnly() throws {
    var world = RankerWorld()
    let model = try make(world) { $0.dropout = 0.5 }
    let batch = world.batch(8)
    let training = model.logits(batch, .training(seed: 1)).scalars
    #expect(training != model.logits(batch, .training(seed: 2)).scalars)
    #expect(training == model.logits(batch, .training(seed: 1)).scalars)
    #expect(model.scores(of: batch) == model.scores(of: batch))
  }

  @Test func anEmptyNetworkIsAFactorizationMachine() throws {
    var world = RankerWorld()
    let model = try make(world) { $0.hidden = [] }
    #expect(allFinite(model.scores(of: world.batch(3))))
  }

  @Test func aLayoutWithoutFeaturesIsRefused() {
    #expect(throws: RankerError.self) {
      try DeepFM(configuration: .init(), input: RankerInput(layout: FeatureLayout()), seed: 1)
    }
  }
}

extension Parameter {
  fileprivate func zero() { value = Tensor(zeros: value.shape) }
}
