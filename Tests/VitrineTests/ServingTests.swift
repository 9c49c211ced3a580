import FileSupport
import Foundation
import Testing
import Vitrine

@Suite struct ServingTests {
  private let shop: SmallShop
  private let folder: TemporaryFolder

  init() throws {
    shop = try SmallShop.shared.get()
    folder = try TemporaryFolder()
  }

  /// The judge scores rows of the log, the ranker requests made of them: one model, one truth.
  @Test(arguments: [false, true])
  func requestsScoreAsTheirRowsOfTheLog(visual: Bool) throws {
    let file = try shop.file(shop.configuration(visual: visual))
    let model = visual ? shop.visual : shop.plain
    let judge = try RankerJudge(file, part: .test)
    let scored = try judge.scores(of: judge.load(model))
    guard case .ranker(_, _, let schema) = file.task else { return #expect(Bool(false)) }
    let (log, parts) = try file.data.load(schema)
    let rows = parts.test
    #expect(rows.count == scored.scores.count)
    let logits = Dictionary(uniqueKeysWithValues: zip(rows, scored.scores))

    _ = try RequestFile.write(file, part: .test, to: folder("requests.jsonl"))
    let requests = try shop.read(RankingRequest.self, folder("requests.jsonl"))
    let logged = try log.loggedRequests(rows: rows)
    #expect(requests == logged.map(\.request))
    let ranker = try RequestRanker(model: model, cache: shop.cache)
    for (request, logged) in zip(requests, logged) {
      for (row, score) in zip(logged.rows, ranker.scores(of: request)) {
        let offline = 1 / (1 + exp(-(try #require(logits[row]))))
        #expect(abs(offline - score) < 1e-6, "\(request.id)")
      }
    }
  }

  @Test func unknownsAreScoredAndCounted() throws {
    let lines = """
      {"id":"r","user":"nobody","items":[{"id":"hat-001"},{"id":"nothing"},{"id":"hat-002",\
      "category":"spacesuit","features":{"price":"9,5"}}]}

      """
    let input = try folder.write(lines, to: "in.jsonl")
    let ranker = try RequestRanker(model: shop.visual, cache: shop.cache)
    let (count, report) = try RequestStream.rank(input, with: ranker, output: folder("out.jsonl"))
    #expect(count == 1 && report.rows == 3 && report.withoutImage == 1)
    #expect(report.unknown["user"] == 3 && report.unknown["category"] == 1)
    #expect(report.unreadable["price"] == 1)
    let summary = RequestStream.summary(count, report)
    for part in ["1 requests", "3 candidates", "1 without an image", "1 unreadable price"] {
      #expect(summary.contains(part), "\(summary)")
    }
    let answer = try #require(try shop.read(RankedList.self, folder("out.jsonl")).first)
    #expect(answer.items.allSatisfy { $0.score > 0 && $0.score < 1 })
  }

  @Test func whatCameBeforeABadLineIsAnswered() throws {
    let good = #"{"id":"a","items":[{"id":"hat-001"}]}"#
    let input = try folder.write("\(good)\n\n{\"id\":\"b\",\n", to: "in.jsonl")
    let ranker = try RequestRanker(model: shop.plain)
    let error = #expect(throws: RankingDataError.self) {
      try RequestStream.rank(input, with: ranker, output: folder("out.jsonl"))
    }
    #expect(error?.file == input && error?.line == 3)
    #expect(try shop.read(RankedList.self, folder("out.jsonl")).map(\.id) == ["a"])
  }

  /// Numbers from outside reach the model as they are; none of them may end the stream.
  @Test(arguments: ["1e300", "-1e300", "1e-320", "0", "-5"])
  func absurdNumbersAreScored(_ price: String) throws {
    let line = #"{"id":"a","items":[{"id":"hat-001","features":{"price":PRICE}}]}"#
    let input = try folder.write(
      line.replacingOccurrences(of: "PRICE", with: price) + "\n", to: "in.jsonl")
    let ranker = try RequestRanker(model: shop.plain)
    _ = try RequestStream.rank(input, with: ranker, output: folder("out.jsonl"))
    let answer = try #require(try shop.read(RankedList.self, folder("out.jsonl")).first)
    #expect(answer.items[0].score.isFinite)
  }

  @Test func foreignScoresNeedNoModel() throws {
    let list = """
      {"id":"a","items":[{"id":"x","score":1.0},{"id":"y","score":3.5},{"id":"z","score":2.0}]}

      """
    let input = try folder.write(list, to: "in.jsonl")
    let count = try RequestStream.rerank(
      input, with: SlateArranger.load(.init(options: .init(top: 2))), output: folder("out.jsonl"))
    #expect(count == 1)
    #expect(
      try text(of: folder("out.jsonl")) == """
        {"id":"a","items":[{"id":"y","index":1,"score":3.5,"rank_before":0},\
        {"id":"z","index":2,"score":2.0,"rank_before":1}]}

        """)
  }
}
