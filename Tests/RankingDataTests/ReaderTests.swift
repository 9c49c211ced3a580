import Foundation
import RankingData
import Testing

@Suite struct ReaderTests {
  @Test func cellsAreTrimmedAndMissing() throws {
    try withFolder { folder in
      let path = try folder.file("c.data", " a, 1, ?\n b ,NULL,x\n\"?\", 2 , y z \n")
      let files = TableFiles(
        [path], format: .csv, header: ["id", "n", "t"],
        rules: CellRules(trim: true, missing: ["?", "NULL"]))
      let table = try files.read()
      #expect(
        (0..<3).map { row in ["id", "t"].map { (try? table.text($0)[row]) ?? "-" } }
          == [["a", ""], ["b", "x"], ["", "y z"]])
      #expect(try table.numbers("n").map(\.description) == ["1.0", "nan", "2.0"])
      #expect(table.line(0) == 1)
    }
  }

  @Test func columnsAreKeptAsAskedFor() throws {
    try withFolder { folder in
      let path = try folder.file("a.csv", "id,x,y,f1,f2\n1,2,3,4,5\n1,,3,4,5\n")
      let table = try TableFiles([path]).read(
        ColumnSelection(["id": [.text, .number], "x": [.number], "f*": [.number]]))
      #expect(table.names == ["id", "x", "f1", "f2"])
      #expect(try table.text("id").values == TextValues(["1"]))
      #expect(try table.numbers("id") == [1, 1] && table.numbers("f2") == [5, 5])
      #expect(try table.numbers("x")[1].isNaN)
      #expect(failure { _ = try table.text("x") }?.problem.contains("kept as numbers") == true)
      #expect(failure { _ = try table.text("y") }?.problem.contains("not kept") == true)
      let bad = try folder.file("b.csv", "id,x\n1,2\n2,three\n3,4\n")
      let error = failure { _ = try TableFiles([bad]).read(ColumnSelection(["x": [.number]])) }
      #expect(error?.line == 3 && error?.file == bad)
      #expect(error?.problem == "Column \"x\": \"three\" is not a finite number.")
    }
  }

  @Test func patterns() {
    #expect(ColumnSelection.matches("f*", "f12") && ColumnSelection.matches("*", ""))
    #expect(ColumnSelection.matches("a*b*c", "axxbyyc") && !ColumnSelection.matches("a*b", "axc"))
    #expect(!ColumnSelection.matches("ab*ba", "aba") && ColumnSelection.matches("x", "x"))
  }

  @Test func severalFilesAreOneTable() throws {
    try withFolder { folder in
      let first = try folder.file("a.csv", "id,x\na,1\nb,2\n")
      let second = try folder.file("b.tsv", "extra\tx\tid\n?\t3\tb\n?\tz\tc\n")
      let files = TableFiles([first, second])
      let table = try files.read()
      #expect(try table.text("id").codes == [0, 1, 1, 2] && table.names == ["id", "x"])
      #expect(table.sources.map(\.count) == [2, 2])
      let error = failure { _ = try table.numbers("x") }
      #expect(error?.file == second && error?.line == 3)
      let third = try folder.file("c.csv", "idd,x\na,1\n")
      let missing = failure { _ = try TableFiles([first, third]).read() }
      #expect(missing?.code == .missingColumn && missing?.file == third)
      #expect(missing?.remedy.contains("Did you mean \"idd\"") == true)
      #expect(try TableFiles([first, second]).read(limit: 3).count == 3)
    }
  }

  @Test func readsJSONLines() throws {
    try withFolder { folder in
      let path = try folder.file(
        "r.jsonl",
        """
        {"id":"a","n":1.50,"on":true,"tags":["x","y",3]}

        {"id":12345678901234567890,"late":"z","n":null,"on":false,"tags":[]}
        """)
      let table = try TableFiles([path]).read()
      #expect(table.names == ["id", "n", "on", "tags", "late"])
      #expect(try table.text("id")[1] == "12345678901234567890")
      #expect(try table.text("tags")[0] == "x|y|3" && table.text("late")[0] == "")
      #expect(try table.numbers("n").map(\.description) == ["1.5", "nan"])
      #expect(try table.numbers("on") == [1, 0] && table.line(1) == 3)
      for (text, code) in [
        ("{\"a\":{\"b\":1}}", RankingDataError.Code.badValue), ("{\"a\":[\"x|y\"]}", .badValue),
        ("{\"a\":1} 2", .syntax), ("{\"a\":NaN}", .nonFinite), ("[1]", .syntax),
      ] {
        let bad = try folder.file("bad.jsonl", "{\"a\":1}\n" + text + "\n")
        let error = failure { _ = try TableFiles([bad]).read() }
        #expect(error?.code == code && error?.line == 2, "\(text)")
      }
    }
  }

  @Test func readsSVMLight() throws {
    try withFolder { folder in
      let path = try folder.file(
        "s.txt",
        """
        2 qid:10 1:0.5 3:NULL 7:-1e3 #docid = G-1 inc = 1
        0 qid:10 2:1 # a comment
        # nothing but a comment
        1 qid:11\t1:2 \r
        """)
      let table = try TableFiles([path]).read()
      #expect(table.count == 3 && table.names == ["label", "qid", "f1", "f3", "f7", "docid", "f2"])
      #expect(try table.numbers("label") == [2, 0, 1] && table.text("qid").codes == [0, 0, 1])
      #expect(try table.numbers("f1") == [0.5, 0, 2] && table.numbers("f7") == [-1000, 0, 0])
      #expect(try table.numbers("f3").map(\.description) == ["nan", "0.0", "0.0"])
      #expect(try table.numbers("f2") == [0, 1, 0])
      #expect((try? (0..<3).map { try table.text("docid")[$0] }) == ["G-1", "", ""])
      for (row, column) in [
        ("1 2:1 2:1", 7), ("1 2:1 1:1", 7), ("1 1000001:1", 3), ("1 -1:1", 3), ("1 +1:1", 3),
        ("1 1:x", 3), ("1 1:nan", 3), ("x 1:1", 1), ("1 1", 3), ("1 1:1 qid:3", 7),
        ("1 qid: 1:1", 3),
      ] {
        let bad = try folder.file("bad.svm", "0 1:1\n" + row + "\n")
        let error = failure { _ = try TableFiles([bad]).read() }
        #expect(error?.line == 2 && error?.column == column && error?.file == bad, "\(row)")
      }
    }
  }

  @Test func groupSizesNameTheQueries() throws {
    try withFolder { folder in
      let a = try folder.file("a.train", "1 1:1\n0 1:2\n0 2:1\n")
      let b = try folder.file("b.train", "1 1:1\n")
      let (x, y) = (try folder.file("a.query", "2\n1\n"), try folder.file("b.query", "1\n"))
      let table = try TableFiles([a, b], groups: [x, y]).read()
      #expect((try? (0..<4).map { try table.text("qid")[$0] }) == ["1", "1", "2", "3"])
      #expect(failure { _ = try TableFiles([a], groups: [y]).read() }?.line == 2)
      #expect(
        failure { _ = try TableFiles([b], groups: [x]).read() }?.problem
          == "There are 1 rows, but \(x) counts 3.")
      #expect(failure { _ = try TableFiles([a, b], groups: [x]).read() }?.code == .badValue)
      let zero = try folder.file("z.query", "2\n0\n")
      #expect(failure { _ = try TableFiles([a], groups: [zero]).read() }?.line == 2)
    }
  }

  /// Many blocks, all formats, one table: the same however the rows are written.
  @Test func formatsAgree() throws {
    var noise = Noise()
    var (csv, jsonl, svm) = ("label,qid,f1,f2\n", "", "")
    for row in 0..<120_000 {
      let (label, query) = (row % 3, row / 7)
      let (a, b) = (Int.random(in: 1...999, using: &noise), Int.random(in: 1...9, using: &noise))
      csv += "\(label),\(query),0.\(a),\(b)\n"
      jsonl += "{\"f2\":\(b),\"label\":\(label),\"qid\":\"\(query)\",\"f1\":0.\(a)}\n"
      svm += "\(label) qid:\(query) 1:0.\(a) 2:\(b)\n"
    }
    try withFolder { folder in
      let tables = try [
        folder.file("t.csv", csv), folder.gzipped("t.jsonl", jsonl), folder.file("t.train", svm),
      ].map { try TableFiles([$0]).read() }
      for table in tables {
        #expect(table.count == 120_000)
        #expect(try table.text("qid").codes == tables[0].text("qid").codes)
        for name in ["label", "f1", "f2"] {
          #expect(try table.numbers(name) == tables[0].numbers(name), "\(name)")
        }
      }
    }
  }

  @Test func damagedRowsNeverTrap() throws {
    var noise = Noise()
    let samples = [
      "{\"id\":\"a\",\"n\":1.5,\"tags\":[\"x\",2]}\n",
      "2 qid:10 1:0.5 3:NULL 70:-1e3 #docid = G-1\n",
    ]
    let marks = Array("\"{}[]:,#|\\ \n\r\t0e+-9\u{FF}q".utf8)
    try withFolder { folder in
      var read = 0
      for round in 0..<3000 {
        var bytes = Array((samples[round % 2] + samples[round % 2]).utf8)
        for _ in 0..<3 {
          bytes[Int.random(in: bytes.indices, using: &noise)] =
            marks[Int.random(in: marks.indices, using: &noise)]
        }
        let path = folder + (round % 2 == 0 ? "/x.jsonl" : "/x.svm")
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        if failure({ _ = try TableFiles([path]).read() }) == nil { read += 1 }
      }
      #expect(read > 30 && read < 2950)
    }
  }
}
