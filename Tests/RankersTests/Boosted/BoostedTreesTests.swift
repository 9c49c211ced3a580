import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

/// What every ranker must satisfy, and what XGBoost promises.
@Suite struct BoostedTreesTests {
  @Test func savedAndLoadedTheyScoreTheSameBits() throws {
    var world = BoostedWorld()
    let folder = try ModelFolder()
    let ranker = try world.train(BoostedWorld.configuration(), world.batch(800))
    try ranker.saveParameters(to: folder.path)
    let stored = try JSONDecoder().decode(
      RankerSpecification.self, from: JSONEncoder().encode(ranker.specification))
    var loaded = try RankerRegistry.make(stored, input: world.input)
    let batch = world.batch(1300)
    #expect(loaded.scores(of: batch) == [Float](repeating: 0, count: 1300))
    try loaded.loadParameters(from: folder.path)
    #expect(loaded.scores(of: batch) == ranker.scores(of: batch))
    #expect(loaded.prepared().scores(of: batch) == ranker.scores(of: batch))
    // A row does not depend on its neighbours.
    let alone = (0..<20).flatMap { loaded.scores(of: batch.batch([$0])) }
    #expect(alone == Array(loaded.scores(of: batch).prefix(20)))
    #expect(loaded.scores(of: batch.batch([])).isEmpty)
  }

  @Test func untrainedTreesAreNotSaved() throws {
    let ranker = try BoostedTrees(
      configuration: .init(), input: BoostedWorld().input, seed: 1)
    let folder = try ModelFolder()
    #expect(throws: BoostingError.self) { try ranker.saveParameters(to: folder.path) }
  }

  @Test func idsOutsideTheVocabularyAreUnknown() throws {
    var world = BoostedWorld()
    let ranker = try world.train(BoostedWorld.configuration(), world.batch(800))
    var (unknown, outside) = (world.batch(30), world.batch(0))
    outside = unknown
    unknown.categorical = unknown.categorical.map { $0.map { _ in 0 } }
    outside.categorical = outside.categorical.map { $0.map { _ in 1_000_000 } }
    outside.numeric = outside.numeric.map { $0.isFinite ? $0 : 0 }
    #expect(ranker.scores(of: unknown) == ranker.scores(of: outside))
    outside.numeric = outside.numeric.map { _ in .infinity }
    outside.bags = [Bag((0..<30).map { _ in [Int32](repeating: 99, count: 500) })]
    let finite = ranker.scores(of: outside).allSatisfy(\.isFinite)
    #expect(finite)
  }

  @Test func learnsByHeart() throws {
    var world = BoostedWorld()
    let batch = world.batch(32)
    let ranker = try world.train(
      BoostedWorld.configuration {
        $0.rounds = 200
        $0.minChildWeight = 0
        $0.lambda = 0.01
      }, batch)
    #expect(try RankerQuality(of: ranker, on: batch).logLoss ?? 1 < 0.02)
  }

  @Test(arguments: [BoostedTrees.Objective.logistic, .lambdaMART, .squaredError])
  func equalSeedsGiveEqualBitsForAnyNumberOfThreads(_ objective: BoostedTrees.Objective) throws {
    var world = BoostedWorld()
    let (training, validation) = (world.batch(4000), world.batch(500))
    func scores(threads: Int, seed: UInt64) throws -> [Float] {
      try world.train(
        BoostedWorld.configuration {
          $0.objective = objective
          $0.nthread = threads
          $0.subsample = 0.7
          $0.colsampleByTree = 0.7
        }, training, validation, seed: seed
      ).scores(of: validation)
    }
    let one = try scores(threads: 1, seed: 3)
    #expect(try scores(threads: 1, seed: 3) == one)
    #expect(try scores(threads: 2, seed: 3) == one)
    #expect(try scores(threads: 0, seed: 3) == one)
    #expect(try scores(threads: 1, seed: 4) != one)
  }

  @Test(arguments: [BoostedTrees.Objective.pairwise, .ndcg, .averagePrecision])
  func objectivesThatDrawPairsRepeatThemselves(_ objective: BoostedTrees.Objective) throws {
    var world = BoostedWorld()
    let training = world.batch(2000, grades: true)
    let configuration = BoostedWorld.configuration { $0.objective = objective }
    let first = try world.train(configuration, training).scores(of: training)
    #expect(try world.train(configuration, training).scores(of: training) == first)
    var two = configuration
    two.nthread = 2
    #expect(try world.train(two, training).scores(of: training) == first, "the default is 2")
  }

  /// Rows of a request need not follow each other in the source.
  @Test func requestsArePutTogether() throws {
    var world = BoostedWorld()
    let training = world.batch(1000, grades: true)
    let order: [Int32] = (0..<Int32(1000)).map { row in (row % 100) * 10 + row / 100 }
    let scattered = training.batch(order[...])
    let configuration = BoostedWorld.configuration { $0.objective = .lambdaMART }
    let plain = try world.train(configuration, training, training).scores(of: training)
    let mixed = try world.train(configuration, scattered, training).scores(of: training)
    // The requests come in the same order, and so do the rows of each.
    #expect(plain == mixed)
  }

  @Test func whatAScoreMeansDependsOnTheObjective() throws {
    let plan = RankerTraining()
    for objective in BoostedTrees.Objective.allCases {
      let ranker = try BoostedTrees(
        configuration: BoostedWorld.configuration { $0.objective = objective },
        input: BoostedWorld().input, seed: 1)
      #expect(ranker.output(of: plan) == (objective == .logistic ? .logit : .score))
    }
  }

  /// Each objective beats chance by far on rows it has not seen.
  @Test(arguments: BoostedTrees.Objective.allCases)
  func ranksUnseenRows(_ objective: BoostedTrees.Objective) throws {
    var world = BoostedWorld()
    let grades = objective != .logistic
    let ranker = try world.train(
      BoostedWorld.configuration {
        $0.objective = objective
        $0.rounds = 60
      }, world.batch(4000, grades: grades), world.batch(500, grades: grades))
    var test = world.batch(2000, grades: grades)
    test.labels = test.labels.map { $0 >= (grades ? 2 : 0.5) ? 1 : 0 }
    let quality = try RankerQuality(of: ranker, on: test)
    #expect(quality.auc > 0.85, "\(quality.auc)")
  }

  @Test func trainingStopsAtTheBestRound() throws {
    var world = BoostedWorld()
    let (training, validation) = (world.batch(400), world.batch(400))
    var plan = RankerTraining()
    plan.monitor = .logLoss
    var ranker = try BoostedTrees(
      configuration: BoostedWorld.configuration {
        $0.rounds = 500
        $0.eta = 0.5
        $0.earlyStopping = 7
      }, input: world.input, seed: 1)
    var epochs: [RankerEpoch] = []
    let record = try ranker.fit(
      training: training, validation: validation, plan: plan, checkpoint: nil,
      report: { epochs.append($0) })
    let best = try #require(record.best)
    #expect(record.epochs.count == best.epoch + 7)
    #expect(record.epochs.count == epochs.count)
    #expect(record.epochs.map(\.score).max() == best.score)
    // The trees kept are those of the best round, and score as the training said they do.
    let quality = try RankerQuality(of: ranker, on: validation)
    #expect(quality.logLoss == -best.score)
    #expect(epochs[best.epoch - 1].validation == quality)
    #expect(try TreeEnsemble(json: ModelFolder().json(of: ranker)).treeCount == best.epoch)
    // The loss is that of the trees on the rows they learnt from.
    let last = try #require(epochs.last?.loss)
    #expect(last < epochs[0].loss / 2)
  }

  @Test func lossesAreThoseOfTheTrainingRows() throws {
    var world = BoostedWorld()
    let training = world.batch(700)
    var ranker = try BoostedTrees(
      configuration: BoostedWorld.configuration { $0.earlyStopping = 0 }, input: world.input,
      seed: 1)
    let record = try ranker.fit(
      training: training, validation: training, plan: RankerTraining(), checkpoint: nil,
      report: { _ in })
    let best = try #require(record.best)
    let quality = try RankerQuality(of: ranker, on: training)
    #expect(abs((quality.logLoss ?? 1) - best.loss) < 1e-12)
  }

  /// A stump on a table of four rows, worked by hand for the logistic loss.
  ///
  /// Labels 0, 0, 1, 1 at 1, 2, 3, 4: at the margin 0, g = p - y = ±0.5 and h = 0.25 for each row.
  /// Between 2 and 3, G = ±1 and H = 0.5 on either side.
  @Test func aStumpHasTheNewtonLeafAndGain() throws {
    let world = BoostedWorld()
    for (lambda, gamma) in [(1.0, 0.0), (0.25, 0.0), (1.0, 0.1)] {
      var ranker = try BoostedTrees(
        configuration: BoostedWorld.configuration {
          $0.rounds = 1
          $0.maxDepth = 1
          $0.eta = 1
          $0.lambda = lambda
          $0.gamma = gamma
          $0.minChildWeight = 0
          $0.treeMethod = .exact
          $0.categorical = .none
        }, input: RankerInput(layout: FeatureLayout(numeric: ["x"])), seed: 1)
      let table = RankingBatch(
        count: 4, numeric: [1, 2, 3, 4], numericWidth: 1, labels: [0, 0, 1, 1])
      try ranker.fit(
        training: table, validation: table, plan: RankerTraining(), checkpoint: nil,
        report: { _ in })
      let leaf = Float(1 / (0.5 + lambda))
      let scores = ranker.scores(of: table)
      for (score, expected) in zip(scores, [-leaf, -leaf, leaf, leaf]) {
        #expect(abs(score - expected) < 1e-6)
      }
      // XGBoost leaves out the factor of a half, and prunes by gamma afterwards.
      let gain = 1 / (0.5 + lambda) + 1 / (0.5 + lambda) - 0
      let importance = try #require(ranker.importance().first)
      #expect(abs(importance.gain - gain) < 1e-6)
      #expect(importance.splits == 1)
      #expect(abs(importance.cover - 1) < 1e-6)
    }
    _ = world
  }

  @Test func monotoneConstraintsHold() throws {
    var world = BoostedWorld()
    let training = world.batch(3000)
    func slopes(_ monotone: [String: Int], _ method: BoostedTrees.TreeMethod) throws -> [Float] {
      let ranker = try world.train(
        BoostedWorld.configuration {
          $0.monotone = monotone
          $0.treeMethod = method
          $0.categorical = .codes
        }, training)
      var differences: [Float] = []
      for row in 0..<20 {
        var sweep = training.batch([Int32](repeating: Int32(row), count: 200)[...])
        for step in 0..<200 { sweep.numeric[step * 4 + 2] = Float(step) / 25 - 4 }
        let scores = ranker.scores(of: sweep)
        differences += zip(scores.dropFirst(), scores).map { $0 - $1 }
      }
      return differences
    }
    for method in BoostedTrees.TreeMethod.allCases {
      #expect(
        try slopes([:], method).contains { $0 < 0 } && slopes([:], method).contains { $0 > 0 })
      #expect(try slopes(["age": 1], method).allSatisfy { $0 >= 0 })
      #expect(try slopes(["age": 1], method).contains { $0 > 0 })
      #expect(try slopes(["age": -1], method).allSatisfy { $0 <= 0 })
    }
  }

  @Test func aRowOfWeightTwoIsTheRowTwice() throws {
    var world = BoostedWorld()
    var weighted = world.batch(500)
    weighted.weights = (0..<500).map { $0 % 3 == 0 ? 2 : 1 }
    let repeated = weighted.batch(
      (0..<500).flatMap { [Int32](repeating: $0, count: $0 % 3 == 0 ? 2 : 1) }[...])
    var twice = repeated
    twice.weights = [Float](repeating: 1, count: repeated.count)
    let configuration = BoostedWorld.configuration {
      $0.treeMethod = .exact
      $0.categorical = .codes
    }
    let test = world.batch(200)
    let a = try world.train(configuration, weighted, weighted).scores(of: test)
    let b = try world.train(configuration, twice, weighted).scores(of: test)
    #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test(arguments: [BoostedTrees.TreeMethod.histogram, .exact])
  func importanceIsXGBoosts(_ method: BoostedTrees.TreeMethod) throws {
    var world = BoostedWorld()
    let ranker = try world.train(
      BoostedWorld.configuration {
        $0.treeMethod = method
        $0.categorical = .codes
      }, world.batch(2000))
    let importance = ranker.importance()
    let reference = try ReferenceBooster(ModelFolder().json(of: ranker))
    for (measure, value) in [
      ("total_gain", { $0.gain }), ("weight", { Double($0.splits) }),
      ("total_cover", { $0.cover }),
    ] as [(String, (FeatureImportance) -> Double)] {
      let expected = try reference.importance(measure)
      #expect(Set(expected.keys) == Set(importance.map(\.feature)))
      for entry in importance {
        let other = Double(try #require(expected[entry.feature]))
        #expect(abs(value(entry) - other) <= 1e-4 * abs(other), "\(measure) of \(entry.feature)")
      }
    }
    #expect(importance == importance.sorted { $0.gain > $1.gain })
    #expect(importance.prefix(3).contains { $0.feature == "price" })
  }

  @Test func imagesAndTheirLikenessToTheHistoryAreRead() throws {
    var random = RandomStream(seed: 2)
    var vectors: [Float] = []
    for _ in 0..<60 * 6 { vectors.append(5 + Float(random.nextNormal())) }
    let table = VisualTable(ids: (0..<60).map { "i\($0)" }, width: 6, vectors: vectors)
    var ranker = try BoostedTrees(
      configuration: BoostedWorld.configuration { $0.rounds = 60 },
      input: RankerInput(
        layout: FeatureLayout(visual: true, visualHistory: true),
        visual: .init(width: 6, version: "v")), seed: 1)
    let mean = table.mean() ?? []
    var labels: [Float] = []
    var history = Bag()
    let rows: [Int32] = (0..<3000).map { _ in Int32(random.next(below: 61)) - 1 }
    for row in rows {
      let seen = (0..<random.next(below: 4)).map { _ in Int32(random.next(below: 60)) }
      history.append(seen)
      var dot: Float = 0
      for image in seen where row >= 0 {
        let (seen, own) = (Array(table.vector(image)), Array(table.vector(row)))
        for column in 0..<6 {
          dot += (seen[column] - mean[column]) * (own[column] - mean[column])
        }
      }
      labels.append(dot > 0.5 ? 1 : 0)
    }
    let batch = RankingBatch(
      count: 3000, visualRows: rows, visualHistory: history, labels: labels)
    #expect(throws: RankerError.self) { try ranker.attach(table, version: "other") }
    try ranker.attach(table, version: "v")
    try ranker.fit(
      training: batch, validation: batch, plan: RankerTraining(), checkpoint: nil,
      report: { _ in })
    #expect(ranker.importance().first?.feature == "image like history")
    #expect(try RankerQuality(of: ranker, on: batch).auc > 0.97)
    // The mean image comes with the trees, so another table of the same encoder changes nothing.
    let folder = try ModelFolder()
    try ranker.saveParameters(to: folder.path)
    var loaded = try RankerRegistry.make(ranker.specification, input: ranker.input)
    try loaded.loadParameters(from: folder.path)
    let few = VisualTable(
      ids: (0..<20).map { "i\($0)" }, width: 6, vectors: Array(vectors.prefix(120)))
    try loaded.attach(few, version: "v")
    let within = batch.batch(
      (0..<Int32(3000)).filter { row in
        rows[Int(row)] < 20 && history[Int(row)].allSatisfy { $0 < 20 }
      }[...])
    #expect(within.count > 50)
    #expect(loaded.scores(of: within) == ranker.scores(of: within))
  }
}
