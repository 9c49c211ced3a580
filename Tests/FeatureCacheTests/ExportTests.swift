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
