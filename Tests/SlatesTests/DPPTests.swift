import Foundation
import RankingData
import Slates
import Tensors
import Testing

@Suite struct DPPTests {
  @Test func tradeOffOneReproducesTheRanking() throws {
    var fixtures = SlateFixtures(seed: 61)
    let table = fixtures.table()
    for window in [nil, 1, 4] {
      let dpp = try DPP(tradeOff: 1, window: window)
      for count in [0, 1, 2, 50] {
        let list = fixtures.list(count: count, visuals: table)
        let choices = dpp.select(
          relevance: list.scores ?? [], similarity: try SlateSimilarity(list))
        #expect(choices.map(\.candidate) == Array(0..<count))
      }
    }
  }

  /// No relevance is so large or so close that a kernel of its exponentials would not do.
  @Test(arguments: [0, 0.3, 0.999_999, 1])
  func extremeScoresGiveFullSlates(tradeOff: Double) throws {
    let ranges: [[Double]] = [
      [.greatestFiniteMagnitude, 0, -.greatestFiniteMagnitude], [1e300, 1, 0.5, 0, -1e300],
      [.leastNonzeroMagnitude, 0, 0], [2, 2, 2], [1e16 + 2, 1e16, 1e16],
    ]
    for scores in ranges {
      let list = try SlateList(
        id: "r", ids: scores.indices.map { "\($0)" }, scores: scores,
        categories: scores.map { _ in "same" })
      let choices = try DPP(tradeOff: tradeOff).select(
        relevance: scores, similarity: try SlateSimilarity(list))
      // All are alike, so that only relevance can tell them apart.
      #expect(choices.map(\.candidate) == Array(scores.indices))
    }
  }

  @Test func windowsThatForgetNothingChangeNothing() throws {
    var fixtures = SlateFixtures(seed: 62)
    let list = fixtures.list(
      count: 40, visuals: fixtures.table(), embeddings: fixtures.table(width: 20, names: "i"))
    let similarity = try SlateSimilarity(list, weights: SimilarityWeights(embedding: 1))
    func order(_ window: Int?) throws -> [SlateChoice] {
      try DPP(tradeOff: 0.4, window: window).select(
        relevance: list.scores ?? [], similarity: similarity, top: 20)
    }
    #expect(try order(20) == order(nil))
    #expect(try order(.max) == order(nil))
    #expect(try order(1).map(\.candidate) == Array(0..<20))
    #expect(try order(3) != order(nil))
    #expect(try order(nil) == order(nil))
  }

  @Test func duplicatesGoLast() throws {
    let table = VisualTable(ids: ["a", "b"], width: 2, vectors: [1, 0, 0, 1])
    let list = try SlateList(
      id: "r", ids: ["a", "a", "a", "b"], scores: [1, 0.9, 0.8, 0.7], visuals: table)
    let choices = try DPP(tradeOff: 0.5).select(
      relevance: [1, 0.9, 0.8, 0.7], similarity: try SlateSimilarity(list))
    #expect(choices.map(\.candidate) == [0, 3, 1, 2])
    #expect(choices.map(\.nearest) == [nil, 0, 0, 0])
    #expect(abs(choices[2].similarity - 1) < 1e-6 && abs(choices[1].similarity) < 1e-6)
  }

  /// The step that a determinant takes and a maximum does not: an item between two that were taken.
  @Test func whatIsBetweenTwoIsKnown() throws {
    let table = VisualTable(
      ids: ["a", "b", "between", "apart"], width: 3,
      vectors: [1, 0, 0, 0, 1, 0, 0.7, 0.7, 0, 0.7, 0, 0.7])
    let list = try SlateList(
      id: "r", ids: ["a", "b", "between", "apart"], scores: [1, 1, 1, 1], visuals: table)
    let similarity = try SlateSimilarity(list)
    let relevance = [1.0, 1, 1, 1]
    var selection = try Diversifier.dpp(DPP(tradeOff: 0.5)).selection(
      relevance: relevance, similarity: similarity, top: 3)
    selection.take(0)
    selection.take(1)
    #expect(selection.best([1, 1, 1, 1]) == 3)
    var marginal = try Diversifier.mmr(MMR(tradeOff: 0.5)).selection(
      relevance: relevance, similarity: similarity, top: 3)
    marginal.take(0)
    marginal.take(1)
    #expect(marginal.best([1, 1, 1, 1]) == 2)
  }

  @Test func fieldsAreChecked() throws {
    for tradeOff in [-0.1, 1.1, .nan, .infinity] {
      #expect(throws: SlateError.self) { try DPP(tradeOff: tradeOff) }
    }
    for window in [0, -1, .min] {
      #expect(throws: SlateError.self) { try DPP(window: window) }
    }
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode(DPP.self, from: Data(#"{"window": 0}"#.utf8))
    }
  }
}
