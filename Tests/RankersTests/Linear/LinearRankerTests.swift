import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

/// Both support vector machines behind the protocol.
@Suite struct LinearRankerTests {
  private static let specifications: [RankerSpecification] = MarginLoss.allCases.flatMap { loss in
    var classes = LinearSVM.Configuration()
    (classes.loss, classes.c) = (loss, 0.1)
    var orders = RankSVM.Configuration()
    (orders.loss, orders.c) = (loss, 0.1)
    return [RankerSpecification(classes), RankerSpecification(orders)]
  }

  /// Every field carries some of the label; the requests are scattered.
  private func world(_ count: Int = 300) -> (RankerWorld, RankingBatch) {
    var world = RankerWorld()
    var batch = world.batch(count)
    var random = RandomStream(seed: 12)
    batch.labels = (0..<count).map { row in
      let worth =
        batch.numeric[2 * row] + Float(batch.categorical[1][row] % 3) - Float(
          batch.bags[1][row].count) / 2
        + (batch.visualRows[row] < 0
          ? -1 : 4 * (world.table.vector(batch.visualRows[row]).first ?? 0) - 4)
      return worth + Float(random.nextNormal()) / 2 > 0.5 ? 1 : 0
    }
    batch.requests = (0..<count).map { _ in Int32(random.next(below: 20)) }
    // Scaled by hand: the solver must not care.
    batch.numeric = batch.numeric.enumerated().map { $0 % 2 == 1 ? 100 + 1000 * $1 : $1 }
    return (world, batch)
  }

  private func fitted(
    _ specification: RankerSpecification, _ world: RankerWorld, _ training: RankingBatch,
    _ validation: RankingBatch? = nil, seed: UInt64 = 1
  ) throws -> (ranker: any Ranker, record: TrainingRecord) {
    var ranker = try RankerRegistry.make(specification, input: world.input, seed: seed)
    try ranker.attach(world.table, version: RankerWorld.version)
    var plan = RankerTraining()
    plan.seed = seed
    let record = try ranker.fit(
      training: training, validation: validation ?? training, plan: plan, checkpoint: nil
    ) { _ in }
    return (ranker, record)
  }

  @Test(arguments: specifications)
  func itLearnsFromEveryKindOfField(specification: RankerSpecification) throws {
    let (world, batch) = world()
    let (ranker, record) = try fitted(specification, world, batch)
    #expect(try #require(record.best).score > 0.9)
    let scores = ranker.scores(of: batch)
    #expect(ranker.output(of: RankerTraining()) == .logit)
    // Calibrated: the mean probability is the base rate, up to Platt's corrected targets.
    let mean = scores.reduce(0) { $0 + 1 / (1 + exp(-Double($1))) } / Double(batch.count)
    let rate = Double(batch.labels.reduce(0, +)) / Double(batch.count)
    #expect(abs(mean - rate) < 0.005)
    // Rows alone and prepared.
    let alone = (0..<40).flatMap { ranker.scores(of: batch.batch([$0])) }
    #expect(maximumDifference(alone, Array(scores.prefix(40))) < 1e-4)
    #expect(maximumDifference(ranker.prepared().scores(of: batch), scores) < 1e-4)
    // The same again, by any seed within the tolerance, and to the bit by the same.
    #expect(try fitted(specification, world, batch).ranker.scores(of: batch) == scores)
    var unknown = batch
    unknown.categorical = batch.categorical.map { $0.map { _ in 99_999 } }
    unknown.visualRows = batch.visualRows.map { _ in -1 }
    #expect(allFinite(ranker.scores(of: unknown)))
    #expect(ranker.scores(of: batch.batch([])).isEmpty)
  }

  @Test(arguments: specifications)
  func itSurvivesAFile(specification: RankerSpecification) throws {
    let (world, batch) = world()
    let (ranker, _) = try fitted(specification, world, batch)
    let folder = FileManager.default.temporaryDirectory.appending(path: "svm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try ranker.saveParameters(to: folder.path)
    let stored = try JSONDecoder().decode(
      RankerSpecification.self, from: JSONEncoder().encode(ranker.specification))
    #expect(stored == specification)
    var loaded = try RankerRegistry.make(stored, input: world.input)
    try loaded.attach(world.table, version: RankerWorld.version)
    try loaded.loadParameters(from: folder.path)
    #expect(loaded.scores(of: batch) == ranker.scores(of: batch))
  }

  /// The weights in the model are the solver's, moved back from standardised columns.
  @Test func standardisationIsUndone() throws {
    let (world, batch) = world()
    var model = try LinearModel(input: world.input, seed: 1)
    try model.visual?.attach(world.table, version: RankerWorld.version)
    model.visual?.standardize()
    let design = LinearDesign(of: batch, for: model, constant: true)
    var random = RandomStream(seed: 4)
    let weights = (0..<design.rows.width).map { _ in Double(random.nextNormal()) }
    design.place(weights, slope: 2, offset: -3, into: model)
    let expected = design.rows.scores(weights).map { Float(2 * $0 - 3) }
    let found = model(batch, .inference()).scalars.map { Float($0) }
    #expect(maximumDifference(found, expected) < 2e-3)
  }

  /// A number that is the same for all rows of a request cannot order them.
  @Test(arguments: MarginLoss.allCases)
  func whatIsConstantInARequestChangesNothing(loss: MarginLoss) throws {
    var random = RandomStream(seed: 6)
    var (plain, more): ([Float], [Float]) = ([], [])
    var (labels, requests): ([Float], [Int32]) = ([], [])
    for _ in 0..<200 {
      let (x, y) = (Float(random.nextNormal()), Float(random.nextNormal()))
      let request = Int32(random.next(below: 12))
      plain += [x, y]
      more += [x, y, Float(request * request)]
      labels.append(x + Float(random.nextNormal()) > 0 ? 1 : 0)
      requests.append(request)
    }
    var configuration = RankSVM.Configuration()
    (configuration.loss, configuration.tolerance, configuration.calibrate) = (loss, 1e-6, false)
    configuration.passes = 20_000
    func weights(_ numbers: [Float], _ names: [String]) throws -> [Float] {
      let batch = RankingBatch(
        count: 200, numeric: numbers, numericWidth: names.count, labels: labels, requests: requests)
      var ranker = try RankSVM(
        configuration: configuration,
        input: RankerInput(layout: FeatureLayout(numeric: names)), seed: 1)
      try ranker.fit(
        training: batch, validation: batch, plan: RankerTraining(), checkpoint: nil
      ) { _ in }
      return ranker.model.firstOrder.dense?.value.scalars.map { Float($0) } ?? []
    }
    let (two, three) = (try weights(plain, ["x", "y"]), try weights(more, ["x", "y", "request"]))
    #expect(maximumDifference(two, Array(three.prefix(2))) < 1e-3)
    #expect(abs(three[2]) < 1e-5 && abs(two[0]) > 0.1)
  }

  @Test func whatItCannotDoIsSaid() throws {
    let (world, batch) = world(100)
    var impatient = LinearSVM.Configuration()
    (impatient.passes, impatient.tolerance) = (1, 1e-9)
    #expect { try fitted(RankerSpecification(impatient), world, batch) } throws: {
      "\($0)".contains("passes")
    }
    var flat = batch
    flat.labels = flat.labels.map { _ in 1 }
    #expect(throws: RankerError.noOrder("training")) {
      try fitted(RankerSpecification(RankSVM.Configuration()), world, flat)
    }
    #expect {
      try fitted(RankerSpecification(LinearSVM.Configuration()), world, batch, flat)
    } throws: {
      "\($0)".contains("calibrated")
    }
    var plan = RankerTraining()
    plan.loss = RankingLossSpecification(ListNetLoss())
    var ranker = try RankerRegistry.make(RankerSpecification(kind: "rank_svm"), input: world.input)
    #expect {
      try ranker.fit(training: batch, validation: batch, plan: plan, checkpoint: nil) { _ in }
    } throws: { "\($0)".contains("training.loss") }
  }
}
