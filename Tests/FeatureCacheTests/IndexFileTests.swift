import FeatureCache
import Foundation
import Testing

/// The file of the index as other programs leave it.
@Suite struct IndexFileTests {
  /// Writes how many pages the index counts into both meta pages.
  private func setLastPage(_ folder: TemporaryFolder, _ change: (UInt64) -> UInt64) throws {
    var bytes = try folder.bytes("index/data.mdb")
    for meta in [0, 4096] {
      let place = meta + 136..<meta + 144
      let last = bytes[place].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      for (index, position) in place.enumerated() {
        bytes[position] = UInt8(truncatingIfNeeded: change(last) >> UInt64(8 * index))
      }
    }
    try folder.write(bytes, to: "index/data.mdb")
  }

  /// LMDB never writes pages that one commit takes and frees again, and counts them all the same.
  @Test func pagesBeyondTheEndAreNoDamage() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<200])
    try setLastPage(folder) { $0 + 3 }
    do {
      let cache = try FeatureCache.open(at: folder.path, mode: .write)
      #expect(try cache.verify().isSound)
      #expect(try cache.append((200..<900).map { row($0) }).isEmpty)
      try cache.commit()
    }
    let cache = try FeatureCache.open(at: folder.path)
    #expect(try cache.vector(forItem: "item150") == vector(150))
    #expect(try cache.vector(forItem: "item899") == vector(899))
    #expect(try cache.verify().isSound)
  }

  @Test func anImpossibleNumberOfPagesIsDamage() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<200])
    try setLastPage(folder) { _ in 1 << 39 }
    #expect(failure { _ = try FeatureCache.open(at: folder.path) } == .damagedIndex)
  }

  /// The new folder may well get the number of the old one.
  @Test func anotherIndexInTheSamePlaceIsAnotherIndex() throws {
    let (folder, later) = (TemporaryFolder(), TemporaryFolder())
    try fill(folder, [0..<10])
    try folder.copy(to: later)
    do {
      let cache = try FeatureCache.open(at: later.path, mode: .write)
      #expect(try cache.append([row(10)]).isEmpty)
      try cache.commit()
    }
    let before = try FeatureCache.open(at: folder.path)
    for name in ["shard-000002.npy", "shard-000002.keys"] {
      try folder.write(try later.bytes(name), to: name)
    }
    try FileManager.default.removeItem(atPath: folder.file("index"))
    try FileManager.default.copyItem(
      atPath: later.file("index"), toPath: folder.file("index"))
    let after = try FeatureCache.open(at: folder.path)
    #expect(try after.vector(forItem: "item10") == vector(10))
    #expect(try before.vector(forItem: "item10") == nil)
    #expect(failure { _ = try before.verify() } == .indexReplaced)
  }
}
