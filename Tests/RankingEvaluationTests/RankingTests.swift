import RankingEvaluation
import Testing

@Suite struct RankingTests {
  @Test func matchesScikitLearn() throws {
    for golden in try Golden.load().ranked {
      let grades = golden.grades
      func ndcg(_ cutoff: Int?, _ gain: NDCG.Gain) throws -> Double {
        try NDCG(cutoff: cutoff, gain: gain)(grades) ?? .nan
      }
      #expect(close(try ndcg(nil, .linear), golden.ndcgLinear))
      #expect(close(try ndcg(5, .linear), golden.ndcgLinear5))
      #expect(close(try ndcg(nil, .exponential), golden.ndcgExponential))
      #expect(close(try ndcg(5, .exponential), golden.ndcgExponential5))
      #expect(close(try AveragePrecision()(grades) ?? .nan, golden.averagePrecision))
      #expect(close(try ReciprocalRank()(grades) ?? .nan, golden.reciprocalRank))
    }
  }

  @Test func matchesWorkedExamples() throws {
    let grades: [Float] = [3, 2, 3, 0, 1, 2]
    #expect(close(try NDCG().dcg(grades), 13.848264, 1e-7))
    #expect(close(try NDCG().dcg(grades.sorted(by: >)), 14.595391, 1e-7))
    #expect(close(try NDCG()(grades) ?? .nan, 0.948811, 1e-6))
    #expect(close(try NDCG(cutoff: 3)(grades) ?? .nan, 0.959454, 1e-6))
    #expect(close(try expectedReciprocalRank([3, 2, 4], highestGrade: 4), 0.633057, 1e-6))
  }

  @Test func anIdealOrderScoresOne() throws {
    let grades: [Float] = [4, 2, 2, 1, 0, 0]
    #expect(try NDCG()(grades) == 1)
    #expect(try AveragePrecision()(grades) == 1)
    #expect(try ReciprocalRank()(grades) == 1)
  }

  @Test func swappingEqualGainsIsANoOp() throws {
    let order = try rankOrder([0.5, 0.7, 0.5, 0.9])
    #expect(order == [3, 1, 0, 2])
    // Any permutation of the tied candidates with equal grades scores the same.
    let grades: [Float] = [2, 0, 2, 1]
    let one = try NDCG()(rankOrder([1, 2, 1, 0]).map { grades[$0] })
    let other = try NDCG()([1, 2, 0, 3].map { grades[$0] })
    #expect(one == other)
  }

  @Test func monotoneTransformsChangeNothing() throws {
    let scores = [0.3, -1, 4, 0.3, 2.5]
    #expect(try rankOrder(scores) == rankOrder(scores.map { $0 * 8 + 3 }))
  }

  @Test func emptyListsCountAsNamed() throws {
    let lists: [[Float]] = [[0, 1], [0, 0], [1, 0], []]
    let excluded = try NDCG().mean(lists)
    let zero = try NDCG(emptyLists: .zero).mean(lists)
    let one = try NDCG(emptyLists: .one).mean(lists)
    #expect(excluded.lists == 2 && excluded.emptyShare == 0.5)
    #expect(zero.lists == 4 && close(zero.value, excluded.value / 2))
    #expect(close(one.value, excluded.value / 2 + 0.5))
    #expect(excluded.values == [try NDCG()([0, 1]), nil, 1, nil])
    #expect(try ReciprocalRank().mean(lists).value == 0.75)
    #expect(try AveragePrecision(emptyLists: .zero).mean(lists).value == 0.375)
  }

  @Test func aSlateIsJudgedAgainstAllCandidates() throws {
    let value = try NDCG(cutoff: 2)([1, 0], candidates: [1, 0, 3, 0])
    let ideal = 7 + 1 / 1.584962500721156
    #expect(close(value ?? .nan, 1 / ideal))
  }

  @Test func cutoffsCutEveryMetric() throws {
    let grades: [Float] = [0, 0, 1, 1]
    #expect(try NDCG(cutoff: 2)(grades) == 0)
    #expect(try ReciprocalRank(cutoff: 2)(grades) == 0)
    #expect(try AveragePrecision(cutoff: 2)(grades) == 0)
    #expect(close(try AveragePrecision(cutoff: 3)(grades) ?? .nan, 1.0 / 6))
  }

  @Test func badInputIsATypedError() {
    #expect(throws: EvaluationError.self) { try NDCG()([.nan]) }
    #expect(throws: EvaluationError.self) { try NDCG()([-1]) }
    #expect(throws: EvaluationError.self) { try rankOrder([1, .infinity]) }
    #expect(throws: EvaluationError.self) {
      try expectedReciprocalRank([5], highestGrade: 4)
    }
    #expect(throws: EvaluationError.self) {
      try expectedClicks([0.5, 0.5], .positionBased([1]))
    }
    #expect(throws: EvaluationError.self) { try expectedClicks([1.5], .cascade(patience: 1)) }
  }

  @Test func hitsAmongTheFirstPositions() throws {
    let grades: [Float] = [0, 2, 0, 1, 1]
    #expect(try Hits(.precision, cutoff: 2)(grades) == 0.5)
    #expect(close(try Hits(.recall, cutoff: 2)(grades) ?? .nan, 1.0 / 3))
    #expect(try Hits(.hitRate, cutoff: 1)(grades) == 0)
    #expect(try Hits(.hitRate, cutoff: 2)(grades) == 1)
    // Precision divides by the cutoff, not by the list.
    #expect(try Hits(.precision, cutoff: 10)(grades) == 0.3)
    #expect(try Hits(.precision, cutoff: 2)([0, 0]) == nil)
    #expect(Hits(.hitRate, cutoff: 5).name == "hit rate@5")
  }

  @Test func slateClicks() throws {
    let pbm = try expectedClicks([0.5, 0.2], .positionBased([1, 0.5, 0.25]))
    #expect(close(pbm.expected, 0.6) && close(pbm.clickThrough, 1 - 0.5 * 0.9))
    let cascade = try expectedClicks([0.5, 0.2], .cascade(patience: 1))
    #expect(close(cascade.clickThrough, 1 - 0.5 * 0.8))
    #expect(cascade.expected == cascade.clickThrough)
    // With a patient reader the order of a cascade does not matter; with an impatient one it does.
    let (best, worst) = (
      try expectedClicks([0.5, 0.2], .cascade(patience: 0.5)),
      try expectedClicks([0.2, 0.5], .cascade(patience: 0.5))
    )
    #expect(close(best.expected, 0.55) && close(worst.expected, 0.4))
    #expect(close(try expectedClicks([0.2, 0.5], .cascade(patience: 1)).expected, 0.6))
  }

  @Test func intraListDistances() throws {
    let golden = try Golden.load().diversity
    let distance = try intraListDistance(vectors: golden.vectors, width: golden.width)
    #expect(close(distance ?? .nan, golden.distance))
    let duplicate = Array(golden.vectors.prefix(golden.width))
    let zero = try intraListDistance(
      vectors: duplicate + duplicate + duplicate.map { $0 * 3 }, width: golden.width)
    #expect(close(zero ?? .nan, 0, 1e-14))
    #expect(try intraListDistance(vectors: [1, 0, 0, 1], width: 2) == 1)
    #expect(try intraListDistance(vectors: [1, 0, 0, 0], width: 2) == 1)
    #expect(try intraListDistance(vectors: [1, 0], width: 2) == nil)
    #expect(throws: EvaluationError.self) { try intraListDistance(vectors: [1, .nan], width: 1) }
    #expect(throws: EvaluationError.self) { try intraListDistance(vectors: [1, 2, 3], width: 2) }
    #expect(intraListDistance(categories: ["a", "a", "b"]) == 1 - 1.0 / 3)
    #expect(intraListDistance(categories: ["a", "a"]) == 0)
    #expect(intraListDistance(categories: [nil, nil]) == 1)
    #expect(intraListDistance(categories: ["a"]) == nil)
  }
}
