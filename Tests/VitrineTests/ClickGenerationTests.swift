import FileSupport
import Testing
import Vitrine

@Suite struct ClickGenerationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func lists(_ name: String) throws -> [RankingRequest] {
    var reader = try JSONLinesReader<RankingRequest>(path: folder(name))
    return try reader.readAll()
  }

  private let letor = """
    0 qid:b 1:1 2:5 #docid = x
    2 qid:b 1:2 2:5 #docid = y
    1 qid:a 1:9 #docid = z

    """

  @Test func writesListsAsTheyWereShown() throws {
    try folder.write(letor, to: "lists.txt")
    try folder.write(
      """
      {"id":"b","items":[{"id":"y","index":1,"score":2.5},{"id":"x","index":0,"score":1}]}
      {"id":"a","items":[{"id":"z","index":0,"score":1}]}

      """, to: "ranked.jsonl")
    let summary = try ClickGeneration(world: SemiSyntheticClicks(eta: 0)).run(
      .init(lists: folder("lists.txt"), ranked: folder("ranked.jsonl"), output: folder("out.jsonl"))
    )
    #expect(
      summary.lists == 2 && summary.sessions == 2 && summary.candidates == 3
        && summary.clicks == 2 && summary.withoutClick == 0)
    let shown = try lists("out.jsonl")
    #expect(shown.map(\.id) == ["b", "a"] && shown[0].items.map(\.id) == ["y", "x"])
    #expect(shown[0].items.map(\.clicked) == [true, false])
    #expect(shown[0].items.map(\.score) == [2.5, 1])
    // Nothing can learn from the grade.
    #expect(shown[0].items[0].features == ["f1": 2, "f2": 5])
    #expect(shown[1].items[0].features == ["f1": 9, "f2": 0])
  }

  @Test func sessionsAreUsersOfTheSameList() throws {
    try folder.write(letor, to: "lists.txt")
    var generation = ClickGeneration(world: SemiSyntheticClicks())
    generation.sessions = 3
    generation.candidates = 1
    _ = try generation.run(.init(lists: folder("lists.txt"), output: folder("three.jsonl")))
    let three = try lists("three.jsonl")
    #expect(three.map(\.id) == ["b", "b#1", "b#2", "a", "a#1", "a#2"])
    #expect(three.map(\.user) == ["b", "b", "b", "a", "a", "a"])
    #expect(three.allSatisfy { $0.items.count == 1 })
    // The first user's clicks do not depend on how many come after.
    generation.sessions = 1
    _ = try generation.run(.init(lists: folder("lists.txt"), output: folder("one.jsonl")))
    #expect(
      try lists("one.jsonl").map { $0.items.map(\.clicked) }
        == [three[0], three[3]].map { $0.items.map(\.clicked) })
  }

  @Test func whatCannotBeIsRefused() throws {
    try folder.write(letor, to: "lists.txt")
    try folder.write(#"{"id":"b","items":[{"id":"y","score":1}]}"# + "\n", to: "ranked.jsonl")
    try folder.write("id,grade\na,1\n", to: "table.csv")
    try folder.write(#"{"id":"q","items":[{"id":"y","score":1}]}"# + "\n", to: "bare.jsonl")
    let generation = ClickGeneration(world: SemiSyntheticClicks())
    let missing = #expect(throws: VitrineError.self) {
      try generation.run(
        .init(
          lists: folder("lists.txt"), ranked: folder("ranked.jsonl"), output: folder("o.jsonl")))
    }
    #expect(missing?.description.contains("\"x\"") == true)
    #expect(throws: RankingDataError.self) {
      try generation.run(.init(lists: folder("table.csv"), output: folder("o.jsonl")))
    }
    let bare = #expect(throws: SlateError.self) {
      try generation.run(.init(lists: folder("bare.jsonl"), output: folder("o.jsonl")))
    }
    #expect(bare?.description.contains("relevance") == true)
    var none = generation
    none.sessions = 0
    #expect(throws: VitrineError.self) {
      try none.run(.init(lists: folder("lists.txt"), output: folder("o.jsonl")))
    }
    #expect(throws: SlateError.self) {
      try ClickGeneration(world: SemiSyntheticClicks(eta: -1)).run(
        .init(lists: folder("lists.txt"), output: folder("o.jsonl")))
    }
  }
}
