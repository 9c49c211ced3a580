import Foundation
import RankingData
import Slates
import Tensors
import Testing

@Suite struct SlateRerankerTests {
  private func request(_ scores: [Double], categories: [String?] = []) -> RankingRequest {
    RankingRequest(
      id: "r",
      items: scores.enumerated().map { index, score in
        Candidate(
          id: "v\(index)", category: categories.isEmpty ? nil : categories[index], score: score)
      })
  }

  @Test func withoutModelAndDiversityTheBaseOrderIsCut() throws {
    let reranker = try SlateReranker(options: .init(top: 2))
    let slate = try reranker.rerank(request([0.1, 0.9, 0.5]))
    #expect(slate.id == "r")
    #expect(slate.items.map(\.id) == ["v1", "v2"])
    #expect(slate.items.map(\.index) == [1, 2])
    #expect(slate.items.map(\.score) == [0.9, 0.5])
    #expect(slate.items.map(\.rankBefore) == [0, 1])
    #expect(slate.items.allSatisfy { $0.reason == nil })
  }

  @Test func everyCombinationGivesDistinctPositions() throws {
    var fixtures = SlateFixtures(seed: 51)
    let visuals = fixtures.table()
    let decoder = Seq2SlateDecoder(fixtures.model(visuals: visuals))
    for model: Seq2SlateDecoder? in [nil, decoder] {
      for diversity in [Diversifier.none, .mmr(.standard), .dpp(.standard)] {
        for top in [nil, 1, 10, 100] {
          for candidates in [1, 7, 500] {
            let reranker = try SlateReranker(
              model: model, diversity: diversity, visuals: visuals,
              options: .init(top: top, candidates: candidates, explains: true))
            for count in [0, 1, 2, 30] {
              let list = fixtures.list(count: count, visuals: visuals)
              let placements = try reranker.arrange(list).placements
              #expect(placements.count == min(count, top ?? count))
              #expect(Set(placements.map(\.position)).count == placements.count)
              #expect(placements.allSatisfy { list.positions[$0.rankBefore] == $0.position })
              #expect(try reranker.arrange(list).placements == placements)
            }
          }
        }
      }
    }
  }

  @Test func tradeOffOneAfterTheModelKeepsItsOrder() throws {
    var fixtures = SlateFixtures(seed: 52)
    let visuals = fixtures.table()
    let decoder = Seq2SlateDecoder(fixtures.model(visuals: visuals))
    let list = fixtures.list(count: 25, visuals: visuals)
    let plain = try SlateReranker(model: decoder)
    let both = try SlateReranker(model: decoder, diversity: .mmr(try MMR(tradeOff: 1)))
    #expect(
      try plain.arrange(list).placements.map(\.position)
        == both.arrange(list).placements.map(\.position))
    #expect(
      try plain.arrange(list).placements.map(\.rankBefore) == decoder.decode(list, top: 10))
  }

  @Test func candidatesBeyondTheLimitFollowInBaseOrder() throws {
    var fixtures = SlateFixtures(seed: 53)
    let decoder = Seq2SlateDecoder(fixtures.model())
    let list = fixtures.list(count: 20)
    let reranker = try SlateReranker(model: decoder, options: .init(top: nil, candidates: 8))
    let order = try reranker.arrange(list).placements.map(\.rankBefore)
    #expect(order.prefix(8).sorted() == Array(0..<8))
    #expect(Array(order.dropFirst(8)) == Array(8..<20))
  }

  @Test func reasonsSayWhatHappened() throws {
    let reranker = try SlateReranker(
      diversity: .mmr(try MMR(tradeOff: 0.3)), options: .init(top: nil, explains: true))
    let slate = try reranker.rerank(
      request([0.9, 0.8, 0.7, 0.1], categories: ["Drama", "Drama", "Drama", "Comedy"]))
    #expect(slate.items.map(\.id) == ["v0", "v3", "v1", "v2"])
    #expect(slate.items[0].reason == "kept its place")
    #expect(
      slate.items[1].reason
        == "moved up 2: more different from the items above than those it passed"
        + " (closest “v0”, similarity 0.0)")
    #expect(slate.items[2].reason == "moved down 1: similar to “v0” above (similarity 1.0)")
  }

  @Test func reasonsOfTheModel() {
    let moved = SlateExplanation(rankBefore: 7, rankByModel: 2, rankAfter: 2)
    #expect(moved.text == "moved up 5: the slate model prefers it here, given the items above")
    let both = SlateExplanation(
      rankBefore: 7, rankByModel: 2, rankAfter: 3, nearest: "593", similarity: 0.914)
    #expect(
      both.text
        == "moved up 4: slate model +5, diversity -1, similar to “593” above (similarity 0.91)")
  }

  @Test func aRankersAnswerComesBackArranged() throws {
    let ranked = RankedList(
      id: "r",
      items: [
        RankedItem(id: "a", index: 4, score: 3, category: "x"),
        RankedItem(id: "b", index: 2, score: 2, category: "x"),
        RankedItem(id: "c", index: 0, score: 1, category: "y"),
      ])
    let reranker = try SlateReranker(diversity: .mmr(try MMR(tradeOff: 0.2)))
    let slate = try reranker.rerank(ranked)
    #expect(slate.items.map(\.id) == ["a", "c", "b"])
    #expect(slate.items.map(\.index) == [4, 0, 2])
    #expect(slate.items.map(\.rankBefore) == [0, 2, 1])
  }

  /// A slate that is piped into a second stage keeps its order as its relevance.
  @Test func arrangedListsCanBeArrangedAgain() throws {
    let arranged = RankedList(
      id: "r",
      items: [
        RankedItem(id: "a", index: 0, score: 1), RankedItem(id: "b", index: 1, score: 5),
      ])
    let reranker = try SlateReranker(diversity: .mmr(try MMR(tradeOff: 1)))
    #expect(try reranker.rerank(arranged, order: .asGiven).items.map(\.id) == ["a", "b"])
    #expect(try reranker.rerank(arranged).items.map(\.id) == ["b", "a"])
  }

  @Test func damagedInputIsAnErrorNotACrash() throws {
    let reranker = try SlateReranker(diversity: .mmr(.standard))
    for score in [Double.nan, .infinity] {
      #expect(throws: SlateError.self) { try reranker.rerank(request([1, score])) }
    }
    #expect(throws: SlateError.self) { try SlateReranker(options: .init(top: 0)) }
    #expect(throws: SlateError.self) { try SlateReranker(options: .init(candidates: -1)) }
    #expect(throws: SlateError.self) { try SlateReranker(options: .init(pool: 0)) }
    _ = try SlateReranker(options: .init(top: .max, pool: .max))
      .rerank(request([1, 2]))
  }

  /// A model that reads features is not asked about items that bring none.
  @Test func aListWithoutTheModelsFeaturesIsRefused() throws {
    var fixtures = SlateFixtures(seed: 9)
    let model = fixtures.model(features: (0..<4).map { CandidateFeature(name: "f\($0)") })
    let reranker = try SlateReranker(model: Seq2SlateDecoder(model))
    func request(_ features: [[String: FeatureValue]]) -> RankingRequest {
      RankingRequest(
        id: "r",
        items: features.enumerated().map {
          Candidate(id: "\($0.offset)", score: -Double($0.offset), features: $0.element)
        })
    }
    #expect(throws: SlateError.featuresMissing(list: "r", features: ["f0", "f1", "f2", "f3"])) {
      try reranker.rerank(request([["g": .number(1)], [:]]))
    }
    #expect(throws: SlateError.self) {
      try reranker.rerank(
        RankedList(id: "r", items: [RankedItem(id: "a", index: 0, score: 1, category: nil)]))
    }
    #expect(try reranker.rerank(request([["f2": .number(1)], [:]])).items.count == 2)
    #expect(try reranker.rerank(request([])).items.isEmpty)
  }

  @Test func missingOptionsTakeTheirDefaults() throws {
    func options(_ json: String) throws -> SlateReranker.Options {
      try JSONDecoder().decode(SlateReranker.Options.self, from: Data(json.utf8))
    }
    #expect(try options("{}") == .init())
    #expect(try options(#"{"top": null, "pool": 2}"#) == .init(top: nil, pool: 2))
    let all = SlateReranker.Options(top: 3, candidates: 9, pool: 1, explains: true)
    let data = try JSONEncoder().encode(all)
    #expect(try JSONDecoder().decode(SlateReranker.Options.self, from: data) == all)
  }

  @Test func aTableThatDoesNotFitTheModelIsRefused() throws {
    var fixtures = SlateFixtures(seed: 54)
    let decoder = Seq2SlateDecoder(fixtures.model(visuals: fixtures.table(width: 6)))
    let other = fixtures.table(width: 7)
    #expect(throws: SlateError.visualWidth(list: "", expected: 6, found: 7)) {
      try SlateReranker(model: decoder, visuals: other)
    }
  }
}
