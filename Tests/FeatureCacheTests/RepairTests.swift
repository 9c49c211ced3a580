import FeatureCache
import Foundation
import Testing

@Suite struct RepairTests {
  private func same(_ left: FeatureCache, _ right: FeatureCache) throws -> Bool {
    let (left, right) = (try left.loadTable(), try right.loadTable())
    return left.ids == right.ids && left.vectors == right.vectors
  }

  @Test func theIndexIsRebuiltFromTheShards() throws {
    let (folder, saved) = (TemporaryFolder(), TemporaryFolder())
    do {
      let cache = try fill(folder, [0..<100, 100..<130])
      try cache.link("item5", to: key(120))
      try cache.link(String(repeating: "é", count: 400), to: key(7))
      try cache.commit()
    }
    try folder.copy(to: saved)
    try FileManager.default.removeItem(atPath: folder.file("index"))
    #expect(failure { _ = try FeatureCache.open(at: folder.path) } == .indexMissing)
    let report = try FeatureCache.rebuildIndex(at: folder.path)
    #expect(report.rows == 130 && report.shards == 3 && report.problems.isEmpty)
    let rebuilt = try FeatureCache.open(at: folder.path)
    #expect(try same(rebuilt, FeatureCache.open(at: saved.path)))
    #expect(try rebuilt.vector(forItem: "item5") == vector(120))
    #expect(try rebuilt.verify().isSound)
  }

  @Test func repairDropsDamagedRowsAndKeepsTheRest() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<10, 10..<20])
    var bytes = try folder.bytes("shard-000001.npy")
    bytes[128 + 16 * 4] ^= 1
    try folder.write(bytes, to: "shard-000001.npy")
    let report = try FeatureCache.rebuildIndex(at: folder.path)
    #expect(report.rows == 19 && report.lostRows == 1 && report.lostLinks == 1)
    let cache = try FeatureCache.open(at: folder.path, mode: .write)
    #expect(try !cache.contains(key(4)))
    #expect(try cache.vector(forItem: "item4") == nil)
    #expect(try cache.verify().isSound)
    // Extracting again refills it, and a later rebuild takes the new row.
    #expect(try cache.append([row(4)]).isEmpty)
    try cache.commit()
    #expect(try cache.vector(forItem: "item4") == vector(4))
  }

  @Test func rowsOfADamagedSidecarAreSavedThroughTheIndex() throws {
    let (folder, saved) = (TemporaryFolder(), TemporaryFolder())
    do {
      let cache = try fill(folder, [0..<10, 10..<20])
      try cache.link("item3", to: key(15))
      try cache.commit()
    }
    try folder.copy(to: saved)
    for name in ["shard-000001.keys", "shard-000003.keys"] {
      var bytes = try folder.bytes(name)
      bytes[bytes.count / 2] ^= 16
      try folder.write(bytes, to: name)
    }
    let report = try FeatureCache.rebuildIndex(at: folder.path)
    #expect(report.rows == 20 && report.lostRows == 0)
    let cache = try FeatureCache.open(at: folder.path)
    #expect(try same(cache, FeatureCache.open(at: saved.path)))
    // Nothing is destroyed.
    let aside = ["shard-000001.keys.damaged", "shard-000001.npy.damaged"]
    #expect(report.setAside == aside + ["shard-000003.keys.damaged"])
    #expect(try folder.bytes(aside[1]) == saved.bytes("shard-000001.npy"))
    let check = try cache.verify()
    #expect(check.isSound && check.remarks.count == 3)
    #expect(check.remarks.allSatisfy { $0.contains("set aside") })
  }

  /// A copy that arrives file by file: the vectors first.
  @Test func vectorsWithoutTheirSidecarAreSetAside() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<10, 10..<17])
    let vectors = try folder.bytes("shard-000002.npy")
    for name in ["index", "shard-000002.keys"] {
      try FileManager.default.removeItem(atPath: folder.file(name))
    }
    let report = try FeatureCache.rebuildIndex(at: folder.path)
    #expect(report.rows == 10 && report.lostRows == 7)
    #expect(report.problems.map(\.code) == [.damagedShard])
    #expect(report.setAside == ["shard-000002.npy.damaged"])
    #expect(try folder.bytes("shard-000002.npy.damaged") == vectors)
  }

  @Test func aNameThatIsTakenIsNotOverwritten() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<10])
    try folder.write([7], to: "shard-000002.keys.damaged")
    try folder.write([8], to: "shard-000002.keys")
    let report = try FeatureCache.rebuildIndex(at: folder.path)
    #expect(report.setAside == ["shard-000002.keys.damaged-2"])
    #expect(try folder.bytes("shard-000002.keys.damaged") == [7])
    #expect(try folder.bytes("shard-000002.keys.damaged-2") == [8])
  }

  @Test func aShardOfAnotherEncoderIsRefusedAndKept() throws {
    let (folder, other) = (TemporaryFolder(), TemporaryFolder())
    try fill(folder, [0..<10])
    try fill(other, [0..<1, 10..<20], descriptor(encoder: "e2"))
    let names = ["shard-000002.npy", "shard-000002.keys"]
    for name in names { try folder.write(try other.bytes(name), to: name) }
    #expect(
      failure { _ = try FeatureCache.rebuildIndex(at: folder.path) } == .descriptorMismatch)
    #expect(
      failure { _ = try FeatureCache.open(at: folder.path, mode: .write) } == .descriptorMismatch)
    for name in names { #expect(try folder.bytes(name) == other.bytes(name)) }
    let cache = try FeatureCache.open(at: folder.path)
    #expect(try cache.verify().problems.map(\.code) == [.descriptorMismatch])
  }

  /// The old index does not know the last commit; what it says about its items is out of date.
  @Test func rescuedLinksDoNotReplaceLaterOnes() throws {
    let (folder, saved) = (TemporaryFolder(), TemporaryFolder())
    do {
      let cache = try fill(folder, [0..<10])
      try folder.copy(to: saved)
      #expect(
        try cache.append([FeatureRow(key: key(20), items: ["item0"], vector: vector(20))])
          .isEmpty)
      try cache.commit()
    }
    for name in ["shard-000002.npy", "shard-000002.keys"] {
      try saved.write(try folder.bytes(name), to: name)
    }
    var bytes = try saved.bytes("shard-000001.keys")
    bytes[100] ^= 1
    try saved.write(bytes, to: "shard-000001.keys")
    let report = try FeatureCache.rebuildIndex(at: saved.path)
    #expect(report.rows == 11 && report.lostRows == 0 && report.lostLinks == 0)
    for _ in 0..<2 {
      let cache = try FeatureCache.open(at: saved.path)
      #expect(try cache.vector(forItem: "item0") == vector(20))
      #expect(try cache.vector(forItem: "item1") == vector(1))
      _ = try FeatureCache.rebuildIndex(at: saved.path)
    }
  }

  /// Where the newest image of an item is lost, that of an older one is not it.
  @Test func lostVectorsDoNotBringOlderOnesBack() throws {
    let folder = TemporaryFolder()
    let (count, newer) = (3000, 3000..<6000)
    do {
      let cache = try fill(folder, [0..<count])
      let rows = newer.map {
        FeatureRow(key: key($0), items: ["item\($0 - count)"], vector: vector($0 % 2000))
      }
      #expect(try cache.append(rows).isEmpty)
      try cache.commit()
    }
    try folder.write(Array(try folder.bytes("shard-000002.npy").dropLast()), to: "shard-000002.npy")
    let report = try FeatureCache.rebuildIndex(at: folder.path)
    #expect(report.rows == count && report.lostRows == count && report.lostLinks == count)
    let cache = try FeatureCache.open(at: folder.path, mode: .write)
    #expect(try cache.vector(forItem: "item5") == nil)
    #expect(try cache.info.items == 0 && cache.info.keys == count)
    #expect(try cache.verify().isSound)
    try cache.link("item5", to: key(5))
    try cache.commit()
    #expect(try cache.vector(forItem: "item5") == vector(5))
  }

  @Test func anOpenHandleLearnsOfTheRepair() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<10])
    let before = try FeatureCache.open(at: folder.path)
    _ = try FeatureCache.rebuildIndex(at: folder.path)
    #expect(try before.vector(forItem: "item3") == vector(3))
    #expect(failure { _ = try before.verify() } == .indexReplaced)
    let after = try FeatureCache.open(at: folder.path)
    #expect(try after.verify().isSound)
  }
}
