import RankingEvaluation
import Testing

@Suite struct IntentTests {
  @Test func matchesTheWorkedExample() throws {
    let list: [Set<Int>] = [[1, 2], [1], [2], [3]]
    let metric = AlphaNDCG()
    #expect(close(metric.dcg(list), 2.996141, 1e-6))
    let ideal = metric.idealOrder(list)
    #expect(close(metric.dcg(ideal.map { list[$0] }), 3.096268, 1e-6))
    #expect(close(metric(list) ?? .nan, 2.996141 / 3.096268, 1e-6))
    #expect(metric(ideal.map { list[$0] }) == 1)
    #expect(metric([[], []]) == nil)
  }

  /// On the worked example greedy is the best of all orders; on small random lists it comes close,
  /// and is never above.
  @Test func bruteForceAgrees() {
    func best(_ list: [Set<Int>]) -> Double {
      permutations(Array(list.indices)).map { order in
        AlphaNDCG().dcg(order.map { list[$0] })
      }.max() ?? .nan
    }
    func greedy(_ list: [Set<Int>]) -> Double {
      AlphaNDCG().dcg(AlphaNDCG().idealOrder(list).map { list[$0] })
    }
    let worked: [Set<Int>] = [[1, 2], [1], [2], [3]]
    #expect(close(greedy(worked), best(worked)))
    var chance = Chance()
    for _ in 0..<40 {
      let list = (0..<5).map { _ in
        Set((0..<4).filter { _ in chance.happens(0.4) })
      }
      let ratio = greedy(list) / max(best(list), 1e-9)
      #expect(list.allSatisfy(\.isEmpty) || (ratio > 0.95 && ratio < 1 + 1e-12), "\(list)")
    }
  }

  /// Without a penalty each intent counts by itself: the DCG of all intents.
  @Test func alphaZeroIsMultiIntentDCG() throws {
    let list: [Set<Int>] = [[1, 2], [1], [2, 3], []]
    let expected = try NDCG(gain: .linear).dcg(list.map { Float($0.count) })
    #expect(close(AlphaNDCG(alpha: 0).dcg(list), expected))
    #expect(AlphaNDCG(alpha: 1).dcg([[1], [1]]) == 1)
    #expect(AlphaNDCG(cutoff: 1).dcg([[1], [2]]) == 1)
  }

  @Test func intentAwareERRAveragesIntents() throws {
    let relevance: [[Float]] = [[3, 2, 4], [0, 4, 0]]
    let both = try intentAwareERR(relevance, probabilities: [0.75, 0.25], highestGrade: 4)
    let second = try expectedReciprocalRank([0, 4, 0], highestGrade: 4)
    #expect(close(both, 0.75 * 0.633057 + 0.25 * second, 1e-6))
    #expect(
      try intentAwareERR([[3, 2, 4]], probabilities: [1], highestGrade: 4)
        == expectedReciprocalRank([3, 2, 4], highestGrade: 4))
    #expect(throws: EvaluationError.self) {
      try intentAwareERR(relevance, probabilities: [0.5, 0.2], highestGrade: 4)
    }
    #expect(throws: EvaluationError.self) {
      try intentAwareERR([[1], [1, 2]], probabilities: [0.5, 0.5], highestGrade: 4)
    }
  }

  @Test func exposure() throws {
    let even = try Exposure(shown: [0, 1, 2, 3, 3, 2, 1, 0], catalogue: 4)
    #expect(even.coverage == 1 && even.gini == 0)
    let one = try Exposure(shown: [2, 2, 2], catalogue: 10)
    #expect(one.coverage == 0.1 && close(one.gini, 0.9))
    // Counts 0, 1, 3: Σ (2i - 4) x = 0·1 + 2·3 = 6 over 3 · 4.
    #expect(close(try Exposure(shown: [1, 2, 2, 2], catalogue: 3).gini, 0.5))
    #expect(throws: EvaluationError.self) { try Exposure(shown: [4], catalogue: 4) }
    #expect(throws: EvaluationError.self) { try Exposure(shown: [], catalogue: 4) }
  }

  private func permutations(_ items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return [items] }
    return items.indices.flatMap { place in
      var rest = items
      let first = rest.remove(at: place)
      return permutations(rest).map { [first] + $0 }
    }
  }
}
