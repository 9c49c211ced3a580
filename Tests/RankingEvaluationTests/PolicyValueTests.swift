import RankingEvaluation
import Testing

@Suite struct PolicyValueTests {
  private static let examination = [1, 0.6, 0.3]
  private static let likes = [0.2, 0.35, 0.5]

  /// Clicks on three items logged in random orders, judged in the order best first.
  private func log(_ count: Int) -> (clicks: [Double], logged: [Int], target: [Int?], item: [Int]) {
    var chance = Chance(seed: 17)
    var log: (clicks: [Double], logged: [Int], target: [Int?], item: [Int]) = ([], [], [], [])
    for _ in 0..<count {
      for (position, item) in [0, 1, 2].shuffled(using: &chance).enumerated() {
        log.clicks.append(
          chance.happens(Self.examination[position] * Self.likes[item]) ? 1 : 0)
        log.logged.append(position)
        log.target.append(2 - item)
        log.item.append(item)
      }
    }
    return log
  }

  @Test func allThreeFindTheTruth() throws {
    let log = log(30_000)
    let weights = try PolicyValue.weights(
      logged: log.logged, target: log.target, examination: Self.examination)
    let model = PolicyValue.RewardModel(
      logged: log.item.indices.map { Self.examination[log.logged[$0]] * 0.3 },
      target: log.item.indices.map { Self.examination[log.target[$0] ?? 0] * 0.3 })
    let value = try PolicyValue(rewards: log.clicks, weights: weights, model: model)
    let truth = (1 * 0.5 + 0.6 * 0.35 + 0.3 * 0.2) / 3
    #expect(close(value.inversePropensity, truth, 0.01), "\(value)")
    #expect(close(value.doublyRobust ?? .nan, truth, 0.01), "\(value)")
    #expect(value.clippedShare == 0)
    #expect(value.effectiveSampleSize < Double(weights.count))
    // Self-normalised: the same over the mean weight, which is not 1 under a position model.
    let mean = weights.reduce(0, +) / Double(weights.count)
    #expect(close(value.selfNormalized, value.inversePropensity / mean))
  }

  @Test func thePolicyThatWasLoggedIsWorthItsMean() throws {
    let log = log(1000)
    let same = try PolicyValue.weights(
      logged: log.logged, target: log.logged, examination: Self.examination)
    let value = try PolicyValue(rewards: log.clicks, weights: same)
    let mean = log.clicks.reduce(0, +) / Double(log.clicks.count)
    #expect(close(value.inversePropensity, mean) && close(value.selfNormalized, mean))
    #expect(close(value.effectiveSampleSize, Double(same.count)))
    #expect(value.doublyRobust == nil)
  }

  @Test func clippingIsCounted() throws {
    let value = try PolicyValue(rewards: [1, 0, 1, 0], weights: [8, 1, 1, 0], clip: 2)
    #expect(value.inversePropensity == 0.75 && value.selfNormalized == 0.75)
    #expect(value.clippedShare == 0.25)
    #expect(close(value.effectiveSampleSize, 16.0 / 6))
  }

  /// A perfect model needs no weights, and perfect weights need no model.
  @Test func doublyRobustIsRightWhereEitherIs() throws {
    let exact = PolicyValue.RewardModel(logged: [1, 0, 1], target: [0.5, 0.5, 0.5])
    let value = try PolicyValue(rewards: [1, 0, 1], weights: [9, 9, 9], model: exact)
    #expect(value.doublyRobust == 0.5)
  }

  @Test func badInputIsATypedError() {
    #expect(throws: EvaluationError.self) { try PolicyValue(rewards: [1], weights: [0]) }
    #expect(throws: EvaluationError.self) { try PolicyValue(rewards: [1], weights: [-1]) }
    #expect(throws: EvaluationError.self) { try PolicyValue(rewards: [.nan], weights: [1]) }
    #expect(throws: EvaluationError.self) { try PolicyValue(rewards: [1, 2], weights: [1]) }
    #expect(throws: EvaluationError.self) {
      try PolicyValue.weights(logged: [3], target: [0], examination: Self.examination)
    }
    #expect(throws: EvaluationError.self) {
      try PolicyValue.weights(logged: [0], target: [0], examination: [0])
    }
  }
}
