import Foundation
import RankingData
import Slates
import Tensors
import Testing

@Suite struct MMRTests {
  /// The definition, looking back at everything taken.
  private func naive(
    _ relevance: [Double], _ similarity: SlateSimilarity, tradeOff: Double, top: Int
  ) -> [Int] {
    let scaled = scaledRelevance(relevance)
    let rows = relevance.indices.map { similarity.row(of: $0) }
    for (i, row) in rows.enumerated() {
      for (j, value) in row.enumerated() { #expect(abs(value - similarity(i, j)) < 1e-6) }
    }
    var taken: [Int] = []
    while taken.count < min(top, relevance.count) {
      var best: (index: Int, value: Double)?
      for i in relevance.indices where !taken.contains(i) {
        let worst = taken.map { rows[$0][i] }.max() ?? 0
        let value = tradeOff * scaled[i] - (1 - tradeOff) * worst
        if value > best?.value ?? -.infinity { best = (i, value) }
      }
      if let best { taken.append(best.index) }
    }
    return taken
  }

  @Test(arguments: 0..<200)
  func equalsTheDefinition(_ seed: Int) throws {
    var fixtures = SlateFixtures(seed: UInt64(seed))
    let count = fixtures.random.next(below: 40)
    let width = [1, 3, 16, 33, 64, 70][seed % 6]
    let table = seed % 3 == 0 ? .empty : fixtures.table(count: 30, width: width)
    let embeddings = seed % 4 == 0 ? .empty : fixtures.table(width: width, names: "i")
    let list = fixtures.list(count: count, visuals: table, embeddings: embeddings)
    let mmr = try MMR(tradeOff: Double(seed % 11) / 10)
    let weights = try SimilarityWeights(
      visual: Double(seed % 4), category: Double(seed % 5) / 2, embedding: Double(seed % 3))
    let centre = seed % 2 == 0 ? SlateReranker.centre(of: table) : nil
    let similarity = try SlateSimilarity(list, weights: weights, centre: centre)
    let top = fixtures.random.next(below: 45)
    let relevance = list.scores ?? []
    let choices = mmr.select(relevance: relevance, similarity: similarity, top: top)
    #expect(
      choices.map(\.candidate)
        == naive(relevance, similarity, tradeOff: mmr.tradeOff, top: top))
    for (place, choice) in choices.enumerated() {
      let before = choices.prefix(place).map(\.candidate)
      let nearest = before.map { similarity(choice.candidate, $0) }.max()
      #expect(abs(choice.similarity - (nearest ?? 0)) < 1e-6)
      #expect((choice.nearest == nil) == before.isEmpty)
    }
  }

  @Test func tradeOffOneReproducesTheRanking() throws {
    var fixtures = SlateFixtures(seed: 41)
    let table = fixtures.table()
    for count in [0, 1, 2, 50] {
      let list = fixtures.list(count: count, visuals: table)
      let mmr = try MMR(tradeOff: 1)
      let similarity = try SlateSimilarity(list)
      let choices = mmr.select(relevance: list.scores ?? [], similarity: similarity)
      #expect(choices.map(\.candidate) == Array(0..<count))
    }
  }

  /// Differences too small for the scaling, huge ranges, and equal scores keep the order.
  @Test func tradeOffOneSurvivesExtremeScores() throws {
    let ranges: [[Double]] = [
      [.greatestFiniteMagnitude, 0, -.greatestFiniteMagnitude],
      [1e300, 1, 0.5, 0, -1e300],
      [.leastNonzeroMagnitude, 0, 0],
      [2, 2, 2],
      [1e16 + 2, 1e16, 1e16],
    ]
    for scores in ranges {
      let list = try SlateList(
        id: "r", ids: scores.indices.map { "\($0)" }, scores: scores,
        categories: scores.map { _ in "same" })
      let mmr = try MMR(tradeOff: 1)
      let choices = mmr.select(
        relevance: scores, similarity: try SlateSimilarity(list))
      #expect(choices.map(\.candidate) == Array(scores.indices))
    }
  }

  @Test func duplicatesGoLast() throws {
    let table = VisualTable(ids: ["a", "b"], width: 2, vectors: [1, 0, 0, 1])
    let list = try SlateList(
      id: "r", ids: ["a", "a", "b"], scores: [1, 0.9, 0.8], visuals: table)
    let mmr = try MMR(tradeOff: 0.5)
    let choices = mmr.select(
      relevance: [1, 0.9, 0.8], similarity: try SlateSimilarity(list))
    #expect(choices.map(\.candidate) == [0, 2, 1])
    #expect(choices[2].nearest == 0)
    #expect(abs(choices[2].similarity - 1) < 1e-6)
  }

  @Test func identicalCandidatesKeepTheirOrder() throws {
    let list = try SlateList(
      id: "r", ids: ["a", "b", "c", "d"], scores: [1, 1, 1, 1], categories: ["x", "x", "x", "x"])
    let choices = MMR.standard.select(
      relevance: [1, 1, 1, 1], similarity: try SlateSimilarity(list))
    #expect(choices.map(\.candidate) == [0, 1, 2, 3])
  }

  @Test(arguments: [-0.1, 1.1, .nan, .infinity])
  func tradeOffIsChecked(_ value: Double) {
    #expect(throws: SlateError.self) { try MMR(tradeOff: value) }
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode(MMR.self, from: Data(#"{"trade_off": 7}"#.utf8))
    }
  }

  @Test func configurationRoundTrips() throws {
    let mmr = try MMR(tradeOff: 0.25)
    let data = try JSONEncoder().encode(mmr)
    #expect(try JSONDecoder().decode(MMR.self, from: data) == mmr)
    #expect(try JSONDecoder().decode(MMR.self, from: Data("{}".utf8)) == .standard)
  }
}
