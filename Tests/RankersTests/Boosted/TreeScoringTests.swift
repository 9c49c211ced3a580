import Rankers
import RankingData
import Tensors
import Testing

/// Our scoring against XGBoost's, bit for bit.
@Suite struct TreeScoringTests {
  private func compare(_ change: (inout BoostedTrees.Configuration) -> Void) throws {
    var world = BoostedWorld()
    let ranker = try world.train(
      BoostedWorld.configuration(change), world.batch(3000), world.batch(500))
    let json = try ModelFolder().json(of: ranker)
    let trees = try TreeEnsemble(json: json)
    #expect(trees.treeCount > 0)
    // Values that the training never saw: missing, infinite, between categories, beyond them.
    let odd: [Float] = [1e9, 16_777_216, 31, 32, 64, 1000, -0.5, 0.5]
    var rows: [Float] = []
    for _ in 0..<777 {
      for column in 0..<trees.featureCount {
        switch world.random.next(below: 8) {
        case 0: rows.append(.nan)
        case 1: rows.append(column < 3 ? -.infinity : -3)
        case 2: rows.append(odd[world.random.next(below: 8)])
        case 3: rows.append(Float(world.random.next(below: 40)))
        default:
          rows.append(
            column < 3 ? Float(world.random.nextNormal()) : Float(world.random.next(below: 30)))
        }
      }
    }
    let expected = try ReferenceBooster(json).margins(rows, columns: trees.featureCount)
    let margins = trees.margins(rows)
    #expect(margins == expected)
    #expect(Set(margins).count > 10)
    // A row does not depend on its neighbours, nor on how many there are.
    let width = trees.featureCount
    for row in [0, 15, 16, 63, 64, 776] {
      #expect(trees.margins(Array(rows[row * width..<(row + 1) * width])) == [expected[row]])
    }
  }

  @Test(arguments: BoostedTrees.TreeMethod.allCases)
  func numbersAndMissingValues(_ method: BoostedTrees.TreeMethod) throws {
    try compare {
      $0.treeMethod = method
      $0.categorical = .codes
    }
  }

  @Test func setsOfCategories() throws { try compare { $0.maxCatToOnehot = 1 } }

  @Test func oneCategoryAgainstTheRest() throws { try compare { $0.maxCatToOnehot = 100 } }

  @Test func lopsidedTrees() throws {
    try compare {
      $0.growPolicy = .lossguide
      $0.maxDepth = 0
      $0.maxLeaves = 40
    }
  }

  @Test func baseScores() throws {
    try compare { $0.baseScore = 0.03 }
    try compare {
      $0.objective = .squaredError
      $0.baseScore = -2
    }
  }

  @Test func treesThatNeverSplit() throws {
    var world = BoostedWorld()
    let batch = world.batch(50)
    let ranker = try world.train(BoostedWorld.configuration { $0.gamma = 1e9 }, batch)
    #expect(Set(ranker.scores(of: batch)).count == 1)
    #expect(ranker.importance().isEmpty)
  }

  /// The last value of a column that goes left and the first that goes right.
  @Test func thresholdsThemselvesGoRight() throws {
    var world = BoostedWorld()
    let ranker = try world.train(
      BoostedWorld.configuration { $0.categorical = .none }, world.batch(2000))
    let json = try ModelFolder().json(of: ranker)
    let trees = try TreeEnsemble(json: json)
    let thresholds = try SplitConditions(json).values
    var rows: [Float] = []
    for threshold in thresholds.prefix(200) {
      for value in [threshold, threshold.nextDown, threshold.nextUp] {
        rows += [Float](repeating: value, count: trees.featureCount)
      }
    }
    let expected = try ReferenceBooster(json).margins(rows, columns: trees.featureCount)
    #expect(trees.margins(rows) == expected)
  }
}
