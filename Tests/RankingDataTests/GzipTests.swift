import Foundation
import RankingData
import Testing

private let rows = (0..<20_000).map { "\($0 % 97),\($0 * $0)\n" }.joined()

@Suite struct GzipTests {
  @Test func readsMembersAsOneFile() throws {
    try withFolder { folder in
      let plain = try Table(csv: "a,b\n" + rows)
      let first = try folder.gzipped("one.csv", "a,b\n" + rows)
      let second = try folder.gzipped("two.csv", rows)
      var both = try Data(contentsOf: URL(fileURLWithPath: first))
      both += try Data(contentsOf: URL(fileURLWithPath: second))
      both += Data(count: 512)  // as tapes pad
      let path = folder + "/both.csv.gz"
      try both.write(to: URL(fileURLWithPath: path))
      let table = try TableFiles([path]).read()
      #expect(table.count == 40_000)
      #expect(try Array(table.text("b").codes.prefix(20_000)) == Array(plain.text("b").codes))
      #expect(try Table(path: first).numbers("a") == plain.numbers("a"))
    }
  }

  @Test func everyTruncationAndFlippedBitIsNamed() throws {
    try withFolder { folder in
      let path = try folder.gzipped("t.csv", "a,b\n" + rows)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      for cut in [3, 10, 30, bytes.count / 2, bytes.count - 9, bytes.count - 1] {
        try bytes.prefix(cut).write(to: URL(fileURLWithPath: path))
        let error = failure { _ = try Table(path: path) }
        #expect(error?.code == .damaged && error?.file == path, "cut at \(cut)")
      }
      var noise = Noise()
      for _ in 0..<40 {
        var damaged = bytes
        // The header's flags, time and system may change without harm.
        let place = Int.random(in: 12..<bytes.count, using: &noise)
        damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &noise)
        try damaged.write(to: URL(fileURLWithPath: path))
        #expect(failure { _ = try Table(path: path) } != nil, "byte \(place)")
      }
      try (bytes + Data("rest".utf8)).write(to: URL(fileURLWithPath: path))
      #expect(failure { _ = try Table(path: path) }?.code == .damaged)
    }
  }
}
