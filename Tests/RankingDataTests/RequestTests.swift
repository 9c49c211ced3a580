import Foundation
import RankingData
import Testing

private let example = """
  {"id":"r1","user":"u7","timestamp":1537799250,"context":{"device":"tv"},\
  "history":[{"id":"318","timestamp":1537700000}],\
  "items":[{"id":"593","category":"Drama","features":{"price":9.5,"tags":["a","b"]}},{"id":"é\\"\\n"}]}
  """

@Suite struct RequestTests {
  @Test func readsAndWritesTheDocumentedForm() throws {
    let request = try RankingRequest(json: Array(example.utf8))
    #expect(request.id == "r1" && request.user == "u7" && request.timestamp == 1_537_799_250)
    #expect(request.context == ["device": "tv"])
    #expect(request.history == [HistoryEntry(id: "318", timestamp: 1_537_700_000)])
    #expect(request.items[0].category == "Drama")
    #expect(request.items[0].features == ["price": 9.5, "tags": ["a", "b"]])
    #expect(request.items[1] == Candidate(id: "é\"\n"))
    #expect(try request.json() == example)
    let general = try JSONDecoder().decode(RankingRequest.self, from: Data(example.utf8))
    #expect(general == request)
    let encoded = try JSONEncoder().encode(request)
    #expect(try RankingRequest(json: Array(encoded)) == request)
  }

  @Test func rankedListsPipeIntoRequests() throws {
    let list = RankedList(
      id: "r1",
      items: [
        RankedItem(
          id: "593", index: 4, score: Double(shortest: 1.73), category: "Drama", rankBefore: 3,
          reason: "why"),
        RankedItem(id: "2", index: 0, score: -1e-7),
      ])
    let line = try list.json()
    #expect(
      line == """
        {"id":"r1","items":[{"id":"593","index":4,"score":1.73,"category":"Drama",\
        "rank_before":3,"reason":"why"},{"id":"2","index":0,"score":-1e-07}]}
        """)
    #expect(try RankedList(json: Array(line.utf8)) == list)
    #expect(try JSONDecoder().decode(RankedList.self, from: Data(line.utf8)) == list)
    let request = try RankingRequest(json: Array(line.utf8))
    #expect(request.items.map(\.index) == [4, 0])
    #expect(request.items.map(\.score) == [1.73, -1e-7])
  }

  @Test func slatesSayWhatTheRulesDid() throws {
    let line = """
      {"id":"r1","items":[{"id":"a","index":1,"score":1.0}],\
      "removed":[{"id":"b","index":0,"score":2.0,"rank_before":0,"reason":"blocked"}],\
      "concessions":["position 3: …"]}
      """
    let list = try RankedList(json: Array(line.utf8))
    #expect(list.removed?.map(\.reason) == ["blocked"] && list.concessions == ["position 3: …"])
    #expect(try list.json() == line)
    #expect(try JSONDecoder().decode(RankedList.self, from: Data(line.utf8)) == list)
  }

  @Test func logsSayWhatWasClicked() throws {
    let line = """
      {"id":"r1","items":[{"id":"a","score":2.0,"clicked":true},{"id":"b","score":1.0,"clicked":false},\
      {"id":"c","score":0.0}]}
      """
    let request = try RankingRequest(json: Array(line.utf8))
    #expect(request.items.map(\.clicked) == [true, false, nil])
    #expect(try request.json() == line)
    #expect(try JSONDecoder().decode(RankingRequest.self, from: Data(line.utf8)) == request)
    #expect(throws: RankingDataError.self) {
      try RankingRequest(json: Array(line.replacing("true", with: "1").utf8))
    }
  }

  @Test func toleratesWhatOthersWrite() throws {
    let text = #"""
      {"items": [ {"score": 2, "id":"a", "model":{"deep":[1,{"x":null}]}} , {"id":"b","score":null} ],
       "user":null, "extra":[true,false], "id":"\u00e9\ud83d\ude00"}
      """#.replacing("\n", with: " ")
    let request = try RankingRequest(json: Array(text.utf8))
    #expect(request.id == "é😀" && request.user == nil)
    #expect(request.items == [Candidate(id: "a", score: 2), Candidate(id: "b")])
  }

  @Test(arguments: [
    (#"{"id":"r","items":[{"id":"a"},{"id":"a"}]}"#, RankingDataError.Code.duplicateIdentifier, 31),
    (#"{"id":"","items":[]}"#, .emptyIdentifier, 7),
    (#"{"id":"é","items":[{"id":""}]}"#, .emptyIdentifier, 26),
    (#"{"id":"r","items":[{"id":"a","score":1e999}]}"#, .nonFinite, 38),
    (#"{"id":"r","items":[{"id":"a","score":NaN}]}"#, .nonFinite, 38),
    (#"{"id":"r","items":[{"id":"a","score":"1"}]}"#, .badValue, 38),
    (#"{"id":"r","items":[{"id":5}]}"#, .badValue, 26),
    (#"{"id":"r","item":[]}"#, .missingKey, 1),
    (#"{"id":"r","items":[{"score":5}]}"#, .missingKey, 20),
    (#"{"id":"r","timestamp":1.5,"items":[]}"#, .badValue, 23),
    (#"{"id":"r","items":[]"#, .syntax, 21),
    (#"{"id":"r","items":[]} x"#, .syntax, 23),
    (#"{"id":"r","items":[],"x":[[[[}"#, .syntax, 30),
    (#"{"id":"r\q","items":[]}"#, .syntax, 9),
    (#"{"id":"\ud800x","items":[]}"#, .syntax, 10),
    ("[]", .syntax, 1),
    ("{\"id\":\"a\tb\",\"items\":[]}", .syntax, 9),
    (String(repeating: #"{"a":"#, count: 100), .tooLarge, 326),
  ])
  func namesTheColumn(_ text: String, _ code: RankingDataError.Code, _ column: Int) {
    var reader = JSONLinesReader<RankingRequest>(
      bytes: Array("\n\(example)\r\n\n\(text)\n\(example)".utf8), name: "in.jsonl")
    let error = failure {
      _ = try reader.next()
      _ = try reader.next()
    }
    #expect(error?.code == code && error?.line == 4 && error?.column == column)
    #expect(error?.description.hasPrefix("in.jsonl:4:\(column): ") == true)
    // The reader goes on behind the bad line.
    #expect((try? reader.next())??.id == "r1" && reader.line == 5)
  }

  @Test func suggestsTheMisspeltKey() {
    let error = failure { _ = try RankingRequest(json: Array(#"{"id":"r","itmes":[]}"#.utf8)) }
    #expect(error?.remedy.contains("\"itmes\"") == true)
  }

  @Test func refusesToWriteWhatJSONCannotHold() throws {
    let bad = RankedList(id: "r", items: [RankedItem(id: "a", index: 0, score: .nan)])
    #expect(failure { _ = try bad.json() }?.code == .nonFinite)
    try withFile("", named: "out.jsonl") { path in
      var writer = try JSONLinesWriter(path: path)
      try writer.write(RankedList(id: "1", items: []))
      #expect(throws: RankingDataError.self) { try writer.write(bad) }
      try writer.write(RankedList(id: "2", items: []))
      try writer.flush()
      var reader = try JSONLinesReader<RankedList>(path: path)
      #expect(try reader.readAll().map(\.id) == ["1", "2"])
    }
  }

  @Test func damagedTextNeverTraps() {
    let bytes = Array(example.utf8)
    for end in bytes.indices {
      #expect(failure { _ = try RankingRequest(json: Array(bytes[..<end])) } != nil)
    }
    var noise = Noise()
    var refused = 0
    for _ in 0..<20_000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &noise) {
        damaged[Int.random(in: damaged.indices, using: &noise)] = UInt8.random(
          in: 0...255, using: &noise)
      }
      if failure({ _ = try RankingRequest(json: damaged) }) != nil { refused += 1 }
    }
    #expect(refused > 10_000)
  }

  @Test func streamsAFileLargerThanItsBuffer() throws {
    let items = (0..<200).map { Candidate(id: "item\($0)", score: Double($0) / 7) }
    let line = try RankingRequest(id: "r", items: items).json() + "\n"
    let count = 400
    let text = "\u{FEFF}" + String(repeating: line, count: count)
    try withFile(text, named: "in.jsonl") { path in
      var reader = try JSONLinesReader<RankingRequest>(path: path)
      var read = 0
      while let request = try reader.next() { read += request.items.count }
      #expect(read == count * 200 && reader.line == count)
    }
    #expect(
      failure { _ = try JSONLinesReader<RankingRequest>(path: "/nowhere") }?.code == .unreadable)
    #expect(failure { _ = try JSONLinesReader<RankingRequest>(path: "/") }?.code == .unreadable)
  }
}
