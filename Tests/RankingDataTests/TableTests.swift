import Foundation
import RankingData
import Testing

private let tricky =
  "\u{FEFF}id,note,x\r\n1,\"a \"\"quoted\"\" word\",1.5\r\n\r\n2,\"two\nlines, one cell\",\n3,é5\" plain,-2e3\n4,,.5"

@Suite struct TableTests {
  @Test func readsQuotesNewlinesAndMarks() throws {
    let table = try Table(csv: tricky, name: "t.csv")
    #expect(table.names == ["id", "note", "x"] && table.count == 4)
    let notes = try table.text("note")
    #expect(
      (0..<4).map { notes[$0] }
        == ["a \"quoted\" word", "two\nlines, one cell", "é5\" plain", ""])
    #expect(try table.numbers("x").map(\.description) == ["1.5", "nan", "-2000.0", "0.5"])
    #expect((0..<4).map(table.line) == [2, 4, 6, 7])
  }

  @Test func everyChunkSizeReadsTheSame() throws {
    let whole = try Table(csv: tricky)
    try withFile(tricky) { path in
      for chunk in 3...48 {
        let table = try Table(DelimitedReader(path: path, chunk: chunk))
        #expect(table.count == whole.count)
        for name in whole.names {
          let (a, b) = (try table.text(name), try whole.text(name))
          #expect(a.codes == b.codes && a.values == b.values, "chunk \(chunk)")
        }
      }
    }
  }

  @Test func tabsSeparateInTSV() throws {
    try withFile("a\tb\n1,5\t2\n", named: "t.tsv") { path in
      let column = try Table(path: path).text("a")
      #expect(column[0] == "1,5")
    }
  }

  @Test(arguments: [
    ("a,b\n1,2\n1,2,3\n", RankingDataError.Code.raggedRow, 3, 5),
    ("a,b\n\"x\ny\",1\nz\n", .raggedRow, 4, 2),
    ("a,b\n1,\"x\n", .syntax, 2, 3),
    ("a,b\n\"x\"y,1\n", .syntax, 2, 4),
    ("a,a\n", .duplicateColumn, 1, 3),
  ])
  func namesThePlace(_ text: String, _ code: RankingDataError.Code, _ line: Int, _ column: Int) {
    let error = failure { _ = try Table(csv: text, name: "t.csv") }
    #expect(error?.code == code && error?.line == line && error?.column == column)
    #expect(error?.description.hasPrefix("t.csv:\(line):\(column): ") == true)
  }

  @Test func refusesOtherEncodings() {
    func code(_ bytes: [UInt8]) -> RankingDataError? {
      failure { _ = try Table(DelimitedReader(bytes: bytes)) }
    }
    let latin = code(Array("a,b\n1,2\n3,".utf8) + [0xE9, 0x0A])
    #expect(latin?.code == .encoding && latin?.line == 3 && latin?.column == 3)
    #expect(code([0xFF, 0xFE, 0x61, 0x00])?.code == .encoding)
    #expect(code([])?.code == .insufficientData)
  }

  @Test func namesTheNearestColumn() throws {
    let table = try Table(csv: "user,timestamp\nu,5\nv,x\nw,inf\n", name: "t.csv")
    let error = failure { _ = try table.numbers("timestmap") }
    #expect(error?.code == .missingColumn)
    #expect(error?.remedy.contains("Did you mean \"timestamp\"?") == true)
    let value = failure { _ = try table.numbers("timestamp") }
    #expect(
      value?.line == 3 && value?.problem == "Column \"timestamp\": \"x\" is not a finite number.")
    #expect(failure { _ = try Table(csv: "x\n\"\"\n").completeNumbers("x") }?.code == .badValue)
    #expect(failure { _ = try Table(csv: "x\n1.5\n").integers("x") }?.line == 2)
    #expect(failure { _ = try Table(csv: "x\n1e300\n").integers("x") }?.line == 2)
    #expect(failure { _ = try Table(csv: "x,y\n,1\n").identifiers("x") }?.code == .emptyIdentifier)
  }

  @Test func numbersAreRoundedCorrectly() throws {
    var noise = Noise()
    var values: [Double] = [
      0.1, 123_456.789, 1e22, 9_007_199_254_740_991, .leastNonzeroMagnitude, 1e-7, -0.3,
    ]
    for _ in 0..<20_000 {
      values.append(Double(bitPattern: noise.next()))
      values.append((Double.random(in: -1000...1000, using: &noise) * 1000).rounded() / 1000)
    }
    values.removeAll { !$0.isFinite }
    let text = "x\n" + values.map(\.description).joined(separator: "\n")
    #expect(try Table(csv: text).numbers("x") == Column(values))
  }

  @Test func damagedTablesNeverTrap() {
    let bytes = Array(tricky.utf8)
    var noise = Noise()
    var read = 0
    for _ in 0..<20_000 {
      var damaged = Array(bytes.prefix(Int.random(in: 1...bytes.count, using: &noise)))
      let marks: [UInt8] = [0x22, 0x2C, 0x0A, 0x0D, 0xFF, 0x41]
      for _ in 0..<3 {
        damaged[Int.random(in: damaged.indices, using: &noise)] =
          marks[
            Int.random(in: marks.indices, using: &noise)]
      }
      if failure({ _ = try Table(DelimitedReader(bytes: damaged)) }) == nil { read += 1 }
    }
    #expect(read > 100 && read < 19_000)
  }

  @Test func nearestNames() {
    let names = ["user", "item", "timestamp", "minimum_count"]
    #expect(nearest("usr", in: names) == "user")
    #expect(nearest("mininum_count", in: names) == "minimum_count")
    #expect(nearest("USER", in: names) == "user")
    #expect(nearest("ietm", in: names) == "item")
    #expect(nearest("frequency", in: names) == nil)
    #expect(nearest("", in: names) == nil)
    #expect(nearest("x", in: ["y"]) == nil)
  }
}
