import FeatureCache
import Foundation
import Testing

@Suite struct ExportTests {
  @Test func exportIsRowForRow() throws {
    let folder = TemporaryFolder()
    let cache = try fill(folder, [0..<12])
    #expect(try cache.export(toDirectory: folder.file("out")) == 12)
    let ids = (0..<12).map { "item\($0)" }.sorted()
    #expect(try folder.bytes("out/ids.txt") == Array((ids.joined(separator: "\n") + "\n").utf8))
    let bytes = try folder.bytes("out/features.npy")
    let numbers = ids.flatMap { vector(Int($0.dropFirst(4)) ?? -1) }
    #expect(Array(bytes.dropFirst(128)) == numbers.withUnsafeBytes { Array($0) })
    #expect(String(decoding: bytes[10..<70], as: UTF8.self).contains("'<f4'"))
    #expect(try folder.files().filter { $0.hasPrefix("out/") }.count == 2)
  }

  @Test func theOrderOfCommitsDoesNotShow() throws {
    let (first, second) = (TemporaryFolder(), TemporaryFolder())
    try fill(first, [0..<30, 30..<90]).export(toDirectory: first.file("out"))
    try fill(second, [60..<90, 0..<7, 7..<60]).export(toDirectory: second.file("out"))
    for name in ["out/features.npy", "out/ids.txt"] {
      #expect(try first.bytes(name) == second.bytes(name))
    }
  }

  /// Features of one export beside the ids of another would be wrong for every row.
  @Test func aFailedExportLeavesNoIDsOfOtherRows() throws {
    let folder = TemporaryFolder()
    let cache = try fill(folder, [0..<12])
    try cache.export(toDirectory: folder.file("out"))
    let features = try folder.bytes("out/features.npy")
    #expect(try cache.append([row(12)]).isEmpty)
    try cache.commit()

    // A folder in the place of a file is one way for a rename to fail.
    try FileManager.default.removeItem(atPath: folder.file("out/ids.txt"))
    try FileManager.default.createDirectory(
      atPath: folder.file("out/ids.txt/kept"), withIntermediateDirectories: true)
    #expect(failure { try cache.export(toDirectory: folder.file("out")) } != nil)
    #expect(try folder.bytes("out/features.npy") == features)

    for name in ["ids.txt", "features.npy"] {
      try FileManager.default.removeItem(atPath: folder.file("out/\(name)"))
    }
    try folder.write(Array("old\n".utf8), to: "out/ids.txt")
    try FileManager.default.createDirectory(
      atPath: folder.file("out/features.npy/kept"), withIntermediateDirectories: true)
    #expect(failure { try cache.export(toDirectory: folder.file("out")) } != nil)
    #expect(try folder.files().filter { $0.hasPrefix("out/") }.isEmpty)
  }

  /// The ids are written anew with each matrix, so another one must have the same.
  @Test func twoMatricesShareOnlyTheSameIDs() throws {
    let folder = TemporaryFolder()
    let cache = try fill(folder, [0..<12])
    try cache.export(toDirectory: folder.file("out"))
    try cache.export(toDirectory: folder.file("out"), format: .safetensors)
    #expect(try cache.append([row(12)]).isEmpty)
    try cache.commit()
    let files = try folder.files().filter { $0.hasPrefix("out/") }
    #expect(files == ["out/features.npy", "out/features.safetensors", "out/ids.txt"])
    let before = try files.map { try folder.bytes($0) }
    for format in [ExportFormat.npy, .safetensors] {
      #expect(
        failure { try cache.export(toDirectory: folder.file("out"), format: format) }
          == .exportInTheWay)
    }
    #expect(try files.map { try folder.bytes($0) } == before)
    try cache.export(toDirectory: folder.file("out"), format: .jsonl)
    #expect(try folder.files().filter { $0.hasPrefix("out/") }.count == 4)
  }

  @Test func safetensorsHoldTheSameRows() throws {
    let folder = TemporaryFolder()
    let cache = try fill(folder, [0..<12])
    try cache.export(toDirectory: folder.file("a"))
    try cache.export(toDirectory: folder.file("b"), format: .safetensors)
    let bytes = try folder.bytes("b/features.safetensors")
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect((8 + length) % 64 == 0)
    let header = try #require(
      try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: Any])
    let tensor = try #require(header["features"] as? [String: Any])
    #expect(tensor["dtype"] as? String == "F32" && tensor["shape"] as? [Int] == [12, 8])
    #expect(tensor["data_offsets"] as? [Int] == [0, 12 * 8 * 4])
    let metadata = try #require(header["__metadata__"] as? [String: String])
    #expect(metadata["encoder"] == "e1" && metadata["ids"] == "ids.txt")
    #expect(
      try Array(bytes[(8 + length)...]) == Array(folder.bytes("a/features.npy").dropFirst(128)))
    #expect(try folder.bytes("a/ids.txt") == folder.bytes("b/ids.txt"))
  }

  @Test func linesHoldTheSameRows() throws {
    let folder = TemporaryFolder()
    let cache = try fill(folder, [0..<12])
    let odd = "quo\"te\\ \u{1}\tlight \u{1F4A1}"
    let long = String(repeating: "itemx", count: 100)
    for id in [odd, long] { try cache.link(id, to: key(3)) }
    try cache.commit()
    #expect(try cache.export(toDirectory: folder.file("out"), format: .jsonl) == 14)
    let lines = String(decoding: try folder.bytes("out/features.jsonl"), as: UTF8.self)
      .split(separator: "\n")
    var ids: [String] = []
    for line in lines {
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let id = try #require(object["id"] as? String)
      let numbers = try #require(object["vector"] as? [Double])
      ids.append(id)
      #expect(numbers.map { Float($0) } == vector(Int(id.dropFirst(4)) ?? 3))
    }
    #expect(
      ids.map { Array($0.utf8) }
        == ids.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
    #expect(Set(ids).isSuperset(of: [odd, long]))
  }

  @Test func damageLeavesTheEarlierExport() throws {
    let folder = TemporaryFolder()
    let cache = try fill(folder, [0..<12])
    for format in ExportFormat.allCases {
      try cache.export(toDirectory: folder.file("out"), format: format)
    }
    let before = try folder.files().filter { $0.hasPrefix("out/") }.map { try folder.bytes($0) }
    var bytes = try folder.bytes("shard-000001.npy")
    bytes[200] ^= 1
    try folder.write(bytes, to: "shard-000001.npy")
    for format in ExportFormat.allCases {
      #expect(
        failure { try cache.export(toDirectory: folder.file("out"), format: format) }
          == .damagedRow)
    }
    let after = try folder.files().filter { $0.hasPrefix("out/") }.map { try folder.bytes($0) }
    #expect(before == after)
  }

  @Test func mergingTakesWhatIsMissing() throws {
    let (first, second, whole) = (TemporaryFolder(), TemporaryFolder(), TemporaryFolder())
    let target = try fill(first, [0..<30])
    let source = try fill(second, [20..<50])
    #expect(try target.merge(from: source) == CommitSummary(rows: 20, links: 20))
    #expect(try target.merge(from: source) == CommitSummary(rows: 0, links: 0))
    try target.export(toDirectory: first.file("out"))
    try fill(whole, [0..<50]).export(toDirectory: whole.file("out"))
    #expect(try first.bytes("out/features.npy") == whole.bytes("out/features.npy"))
    let other = TemporaryFolder()
    let stranger = try fill(other, [0..<1], descriptor(encoder: "e2"))
    #expect(failure { try target.merge(from: stranger) } == .descriptorMismatch)
  }
}
