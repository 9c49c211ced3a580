import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct WideAndDeepTests {
  private static let vocabulary = Vocabulary(
    counts: ["tv\u{1F}film": 3, "tv\u{1F}news": 2, "phone\u{1F}film": 2], minimumCount: 1)
  private static let cross = CrossTransform(
    fields: ["device", "category"], vocabulary: vocabulary)

  /// Two columns and their cross.
  private func crossed() -> FeatureLayout {
    FeatureLayout(categorical: [
      .init(name: "device", rows: 4), .init(name: "category", rows: 4),
      .init(name: Self.cross.name, rows: Self.vocabulary.count),
    ])
  }

  private func make(
    _ input: RankerInput, _ change: (inout WideAndDeep.Configuration) -> Void = { _ in }
  ) throws -> WideAndDeep {
    var configuration = WideAndDeep.Configuration()
    configuration.width = 4
    configuration.hidden = [16, 8]
    change(&configuration)
    return try WideAndDeep(configuration: configuration, input: input, seed: 1)
  }

  @Test func aCrossHitsOnlyWhenAllItsPartsArePresent() throws {
    let model = try make(RankerInput(layout: crossed()))
    let rows = [
      ["tv", "film"], ["tv", "news"], ["phone", "film"], ["phone", "news"], ["tv", ""],
    ]
    let batch = RankingBatch(
      count: 5,
      categorical: [[1, 1, 2, 2, 1], [1, 2, 1, 2, 0], rows.map { Self.cross.row(of: $0) }])
    let before = model.wideLogits(batch, .inference()).scalars
    var table = model.wide.table.value.scalars
    table[8 + Int(Self.cross.row(of: ["tv", "film"]))] = 0.75
    model.wide.table.value = Tensor(table, shape: [table.count, 1])
    let after = model.wideLogits(batch, .inference()).scalars
    #expect(zip(after, before).map(-) == [0.75, 0, 0, 0, 0])
  }

  @Test func crossesAreForTheWidePart() throws {
    let model = try make(RankerInput(layout: crossed()))
    #expect(model.wideFields.layout.categorical.map(\.name).last == "device × category")
    #expect(model.deepFields.layout.categorical.map(\.name) == ["device", "category"])
  }

  /// Wide alone is logistic regression, deep alone a multilayer perceptron, and logits are added.
  @Test func logitsOfBothPartsAreAdded() throws {
    var world = RankerWorld()
    world.layout.visual = false
    world.layout.visualHistory = false
    let model = try make(world.input) { $0.wide = FieldSelection.names(of: world.layout) }
    var random = RandomStream(seed: 5)
    for parameter in parameters(of: model.wide) {
      parameter.value = Tensor(normal: 0.3, shape: parameter.value.shape, random: &random)
    }
    let linear = try LogisticRegression(configuration: .init(), input: world.input, seed: 1)
    for (own, entry) in zip(parameters(of: model.wide), ParameterList(linear).entries) {
      entry.parameter.value = own.value
    }
    var dense = DenseNetwork.Configuration()
    dense.width = 4
    dense.hidden = [16, 8]
    let network = try DenseNetwork(configuration: dense, input: world.input, seed: 1)
    let deep = ParameterList(model).entries.filter { !$0.name.hasPrefix("wide.") }
    #expect(deep.map(\.name) == ParameterList(network).entries.map(\.name))
    for (own, other) in zip(deep, ParameterList(network).entries) {
      other.parameter.value = own.parameter.value
    }
    let batch = world.batch(20)
    let pass = Pass.inference()
    let (wide, plain) = (model.wideLogits(batch, pass).scalars, linear.scores(of: batch))
    #expect(maximumDifference(wide, plain) < 1e-6)
    #expect(
      maximumDifference(model.deepLogits(batch, pass).scalars, network.scores(of: batch)) < 1e-6)
    let sum = zip(plain, network.scores(of: batch)).map(+)
    #expect(maximumDifference(model.scores(of: batch), sum) < 1e-6)
  }

  @Test func everyParameterHasOneOptimizer() throws {
    let model = try make(RankerWorld().input)
    let own = model.ownOptimizers().flatMap(\.parameters).map(ObjectIdentifier.init)
    let wide = ParameterList(model).entries.filter { $0.name.hasPrefix("wide.") }
    #expect(Set(own).count == own.count)
    #expect(Set(own) == Set(wide.map { ObjectIdentifier($0.parameter) }))
    // FTRL with a penalty that nothing overcomes leaves 0 where it acts; the rest is Adagrad's.
    var world = RankerWorld()
    var held = try make(world.input) { $0.ftrl.l1 = 1e6 }
    try held.attach(world.table, version: RankerWorld.version)
    let before = ParameterList(held).snapshot()
    var plan = RankerTraining()
    plan.epochs = 1
    plan.optimizer = .adagrad
    try plan.fit(held, training: world.batch(64), validation: world.batch(32))
    for (entry, old) in zip(ParameterList(held).entries, before) where entry.parameter.trainable {
      let moved = entry.parameter.value.scalars != old.scalars
      #expect(moved == (entry.name != "wide.table"), "\(entry.name)")
    }
  }

  @Test func l1MakesTheWidePartSparse() throws {
    var zeros: [Int] = []
    for l1 in [0, 0.2, 1] {
      var world = RankerWorld()
      let model = try make(world.input) {
        $0.ftrl.l1 = l1
        $0.hidden = []
      }
      var plan = RankerTraining()
      plan.epochs = 3
      plan.batchSize = 16
      plan.patience = 3
      try plan.fit(model, training: world.batch(128), validation: world.batch(64))
      zeros.append(model.wide.table.value.scalars.count { $0 == 0 })
    }
    #expect(zeros[0] < zeros[1] && zeros[1] < zeros[2], "\(zeros)")
  }

  @Test func aFieldThatThereIsNoneOfIsNamed() throws {
    #expect(
      throws: RankerError.unknownChoice(
        key: "wide", value: "devise", known: ["device", "category", "device × category"])
    ) {
      try make(RankerInput(layout: crossed())) { $0.wide = ["devise"] }
    }
  }
}
