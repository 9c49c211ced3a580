import Foundation
import RankingData
import Testing

private func recipe(_ folder: String) throws -> PreparedDataset.Recipe {
  var noise = Noise()
  var text = "request,user,item,x,click\n"
  for row in 0..<150_000 {
    let item = Int.random(in: 0..<5000, using: &noise)
    text +=
      "r\(row / 5),u\(row / 5 % 999),item-number-\(item),\(row % 13 == 0 ? "" : "\(row)"),\(row % 2)\n"
  }
  return try PreparedDataset.Recipe(
    log: TableFiles([folder.file("log.csv", text)]),
    catalogue: TableFiles([folder.file("items.csv", "id,price\nitem-number-1,5\nitem-number-2,\n")]
    ),
    columns: [
      "request": [.text], "user": [.text], "item": [.text], "x": [.number, .text],
      "click": [.number],
    ], parts: nil)
}

@Suite struct StoreTests {
  /// Vectors of the algorithm's reference implementation.
  @Test func hashesAreXXH64() {
    func hash(_ text: String) -> UInt64 {
      unsafe Array(text.utf8).withUnsafeBytes { unsafe ContentHash.of($0) }
    }
    #expect(hash("") == 0xEF46_DB37_51D8_E999 && hash("a") == 0xD24E_C4F1_A98C_6E5B)
    #expect(hash("abc") == 0x44BC_2CF5_AD77_0999)
    let long = String(repeating: "vitrine ", count: 50)
    var pieces = ContentHash()
    for size in [1, 31, 32, 33, 100, 203] {
      let start = [1: 0, 31: 1, 32: 32, 33: 64, 100: 97, 203: 197][size] ?? 0
      unsafe Array(long.utf8)[start..<start + size].withUnsafeBytes { unsafe pieces.update($0) }
    }
    #expect(pieces.value == hash(long))
  }

  @Test func theStoreIsTheTable() throws {
    try withFolder { folder in
      let recipe = try recipe(folder)
      let store = folder + "/store"
      try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
      let made = try PreparedDataset(recipe, into: store)
      let mapped = try PreparedDataset(path: store)
      let memory = try recipe.log.read()
      #expect(PreparedDataset.recipe(of: store) == recipe && mapped.log.count == 150_000)
      for dataset in [made, mapped] {
        #expect(dataset.log.names == memory.names && dataset.log.line(149_999) == 150_001)
        for name in ["request", "user", "item", "x"] {
          let (a, b) = (try dataset.log.text(name), try memory.text(name))
          #expect(a.codes == b.codes && a.values == b.values, "\(name)")
        }
        for name in ["x", "click"] {
          let (a, b) = (try dataset.log.numbers(name), try memory.numbers(name))
          #expect(zip(a, b).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }, "\(name)")
        }
        #expect(try dataset.catalogue?.numbers("price")[0] == 5)
      }
    }
  }

  @Test func changedSourcesAreSeen() throws {
    try withFolder { folder in
      let path = try folder.file("a.csv", "x\n1\n")
      let before = try SourceStamp(path: path)
      #expect(try SourceStamp(path: path) == before)
      _ = try folder.file("a.csv", "x\n2\n")
      #expect(try SourceStamp(path: path) != before)
    }
  }

  @Test func damageIsNamed() throws {
    try withFolder { folder in
      let store = folder + "/store"
      try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
      _ = try PreparedDataset(recipe(folder), into: store)
      let names = try #require(FileManager.default.subpaths(atPath: store)).filter {
        $0.contains(".")
      }
      #expect(names.count == 23)
      var noise = Noise()
      for name in names {
        let path = "\(store)/\(name)"
        let url = URL(fileURLWithPath: path)
        let bytes = try Data(contentsOf: url)
        var changes = [bytes + Data([0]), bytes.dropLast(), Data()]
        var flipped = bytes
        flipped[Int.random(in: bytes.indices, using: &noise)] ^= 0x10
        changes.append(flipped)
        for change in changes where name != PreparedDataset.manifest || change.count < bytes.count {
          try change.write(to: url)
          let error = failure { _ = try PreparedDataset(path: store) }
          #expect(error?.code == .damaged && error?.file == path, "\(name)")
        }
        try FileManager.default.removeItem(at: url)
        #expect(failure { _ = try PreparedDataset(path: store) }?.code == .unreadable, "\(name)")
        try bytes.write(to: url)
      }
      #expect(failure { _ = try PreparedDataset(path: store) } == nil)
      #expect(failure { _ = try PreparedDataset(path: folder) }?.code == .unreadable)
    }
  }

  /// Content whose hash fits but that would lead a reader astray.
  @Test func senselessContentIsRefused() throws {
    try withFolder { folder in
      let store = folder + "/store"
      try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
      let recipe = try PreparedDataset.Recipe(
        log: TableFiles([folder.file("log.csv", "a\nx\ny\n")]), catalogue: nil,
        columns: ["a": [.text]], parts: nil)
      _ = try PreparedDataset(recipe, into: store)
      let manifest = URL(fileURLWithPath: "\(store)/\(PreparedDataset.manifest)")
      for (codes, offsets, part) in [
        ([0, 1], [0, 1, 2], nil), ([0, 2], [0, 1, 2], "codes"), ([0, -1], [0, 1, 2], "codes"),
        ([0, 1], [0, 3, 2], "offsets"), ([0, 1], [1, 1, 2], "offsets"),
        ([0, 1], [0, 1, 1], "offsets"), ([0, 1], [0, -1, 2], "offsets"),
      ] as [([Int32], [Int], String?)] {
        var text = try String(contentsOf: manifest, encoding: .utf8)
        func write(_ bytes: [UInt8], _ name: String) throws {
          let url = URL(fileURLWithPath: "\(store)/log/column1.\(name)")
          let before = try Data(contentsOf: url)
          try Data(bytes).write(to: url)
          text = text.replacingOccurrences(of: hash(Array(before)), with: hash(bytes))
        }
        try write(unsafe codes.withUnsafeBytes { unsafe Array($0) }, "codes")
        try write(unsafe offsets.withUnsafeBytes { unsafe Array($0) }, "offsets")
        try text.write(to: manifest, atomically: false, encoding: .utf8)
        let error = failure { _ = try PreparedDataset(path: store) }
        #expect(error?.file == part.map { "\(store)/log/column1.\($0)" })
      }
    }
  }
}

private func hash(_ bytes: [UInt8]) -> String {
  var hash = ContentHash()
  unsafe bytes.withUnsafeBytes { unsafe hash.update($0) }
  return hash.text
}
