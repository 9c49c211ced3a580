import FileSupport
import RankingData
import Testing

@Suite struct JudgedListReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ text: String, groups: String? = nil) throws -> [RankingRequest] {
    let path = try folder.write(text, to: "lists.txt")
    let sizes = try groups.map { try folder.write($0, to: "sizes.query") }
    var reader = try JudgedListReader(path: path, groups: sizes)
    var lists: [RankingRequest] = []
    while let list = try reader.next() { lists.append(list) }
    return lists
  }

  @Test func readsQueries() throws {
    let lists = try read(
      """
      2 qid:10 1:0.5 3:7 #docid = GX1 inc = 1
      0 qid:10 1:NULL 2:1e-2 #docid = GX2
      1 qid:4 3:1

      """)
    #expect(lists.map(\.id) == ["10", "4"])
    #expect(lists[0].items.map(\.id) == ["GX1", "GX2"] && lists[1].items.map(\.id) == ["4:1"])
    // What a row does not mention is 0; NULL is missing.
    #expect(lists[0].items[0].features == ["relevance": 2, "f1": 0.5, "f2": 0, "f3": 7])
    #expect(lists[0].items[1].features == ["relevance": 0, "f2": 0.01, "f3": 0])
    #expect(lists[1].items[0].features == ["relevance": 1, "f1": 0, "f2": 0, "f3": 1])
  }

  @Test func readsGroups() throws {
    let lists = try read("1 1:2\n0 2:1\n1 1:1\n", groups: "2\n1\n")
    #expect(lists.map(\.id) == ["1", "2"] && lists.map(\.items.count) == [2, 1])
  }

  @Test(arguments: [
    "1 1:2\n", "1 qid:1 1:2\n0 qid:2 1:1\n0 qid:1 1:1\n", "x qid:1 1:1\n", "1 qid:1 1:y\n",
    "1 qid: 1:1\n", "1 qid:1 2:1 1:1\n", "1 qid:1 9999999999:1\n", "1 qid:1 1:1\n0 1:2\n", "",
  ])
  func refuses(_ text: String) {
    #expect(throws: RankingDataError.self) { try read(text) }
  }

  @Test func refusesGroupsOfOtherRows() {
    #expect(throws: RankingDataError.self) { try read("1 1:2\n0 1:1\n", groups: "1\n") }
    #expect(throws: RankingDataError.self) { try read("1 1:2\n", groups: "2\n") }
  }
}
