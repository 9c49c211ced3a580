import FeatureCache
import Foundation
import Testing

@Suite struct CreationTests {
  private func folder(_ files: [String: [UInt8]]) throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    for (name, bytes) in files {
      try FileManager.default.createDirectory(
        atPath: parent(of: folder.file(name)), withIntermediateDirectories: true)
      try folder.write(bytes, to: name)
    }
    return folder
  }

  private func parent(of path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().path
  }

  @Test func anInterruptedCreationStartsOver() throws {
    let folder = TemporaryFolder()
    try fill(folder, [])
    try FileManager.default.removeItem(atPath: folder.file("cache.json"))
    let cache = try fill(folder, [0..<3])
    #expect(try cache.vector(forItem: "item2") == vector(2))
  }

  @Test(arguments: [["index/data.mdb": []], ["index/lock.mdb": [1, 2]]] as [[String: [UInt8]]])
  func theBeginningsOfAnIndexAreReplaced(_ files: [String: [UInt8]]) throws {
    let folder = try folder(files)
    let cache = try fill(folder, [0..<3])
    #expect(try cache.vector(forItem: "item2") == vector(2))
  }

  /// Other programs, too, keep an index in a folder of that name.
  @Test(
    arguments: [
      ["index/segments_1": [1, 2, 3]], ["index/data.mdb": [], "index/deep/part": [4]],
      ["index/data.mdb": Array(repeating: 9, count: 9000)], ["index": [5]],
    ] as [[String: [UInt8]]])
  func aStrangersIndexIsLeftAlone(_ files: [String: [UInt8]]) throws {
    let folder = try folder(files)
    #expect(failure { _ = try fill(folder, []) } == .alreadyExists)
    for (name, bytes) in files { #expect(try folder.bytes(name) == bytes) }
    #expect(try folder.files() == files.keys.sorted())
  }

  @Test func anIndexWithRecordsIsLeftAlone() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<3])
    for name in ["cache.json", "shard-000001.npy", "shard-000001.keys"] {
      try FileManager.default.removeItem(atPath: folder.file(name))
    }
    let bytes = try folder.bytes("index/data.mdb")
    #expect(failure { _ = try fill(folder, []) } == .alreadyExists)
    #expect(try folder.bytes("index/data.mdb") == bytes)
  }
}
