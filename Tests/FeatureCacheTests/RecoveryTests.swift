import FeatureCache
import Foundation
import Glibc
import Testing

@Suite struct RecoveryTests {
  private func same(_ left: FeatureCache, _ right: FeatureCache) throws -> Bool {
    let (left, right) = (try left.loadTable(), try right.loadTable())
    return left.ids == right.ids && left.vectors == right.vectors
  }

  @Test func anOrphanShardIsTakenIn() throws {
    let (folder, saved) = (TemporaryFolder(), TemporaryFolder())
    // What a crash between the rename and the index commit leaves behind.
    try fill(folder, [0..<10])
    try folder.copy(to: saved)
    do {
      let cache = try FeatureCache.open(at: folder.path, mode: .write)
      #expect(try cache.append((10..<15).map { row($0) }).isEmpty)
      try cache.link("again", to: key(2))
      try cache.commit()
    }
    for name in ["shard-000002.npy", "shard-000002.keys"] {
      try saved.write(try folder.bytes(name), to: name)
    }
    do {
      let reader = try FeatureCache.open(at: saved.path)
      #expect(try reader.vector(forItem: "item12") == nil)
      #expect(try reader.info.orphans == ["shard-000002.keys"])
      let report = try reader.verify()
      #expect(report.isSound && report.remarks.count == 2)
    }
    let writer = try FeatureCache.open(at: saved.path, mode: .write)
    #expect(try writer.vector(forItem: "item12") == vector(12))
    #expect(try writer.vector(forItem: "again") == vector(2))
    #expect(try writer.append([row(20)]).isEmpty)
    try writer.commit()
    #expect(try writer.info.shards == 3 && writer.info.orphans.isEmpty)
    #expect(try saved.files().contains("shard-000003.npy"))
  }

  @Test func leftoversAreRemoved() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<10, 10..<20])
    let sidecar = try folder.bytes("shard-000002.keys")
    try folder.write([1, 2, 3], to: "shard-000003.npy.tmp")
    try folder.write(sidecar, to: "shard-000003.keys.tmp")
    try folder.write([1], to: "cache.json.tmp")
    _ = try FeatureCache.open(at: folder.path)
    #expect(try folder.files().contains("shard-000003.npy.tmp"))
    let writer = try FeatureCache.open(at: folder.path, mode: .write)
    #expect(try !folder.files().contains { $0.hasSuffix(".tmp") })
    #expect(try writer.verify().remarks.isEmpty)
  }

  @Test func aSidecarWithoutItsVectorsIsRemoved() throws {
    let (folder, saved) = (TemporaryFolder(), TemporaryFolder())
    try fill(folder, [0..<10])
    try folder.copy(to: saved)
    do {
      let cache = try FeatureCache.open(at: folder.path, mode: .write)
      #expect(try cache.append([row(10)]).isEmpty)
      try cache.commit()
    }
    try saved.write(try folder.bytes("shard-000002.keys"), to: "shard-000002.keys")
    let writer = try FeatureCache.open(at: saved.path, mode: .write)
    #expect(try writer.vector(forItem: "item10") == nil)
    #expect(try writer.verify().remarks.isEmpty)
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
    let check = try cache.verify()
    #expect(check.isSound && check.remarks.isEmpty)
    #expect(try !folder.files().contains("shard-000001.npy"))
  }

  @Test func aLostDescriptionIsRestoredByNamingTheEncoder() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<10])
    try FileManager.default.removeItem(atPath: folder.file("cache.json"))
    #expect(failure { _ = try FeatureCache.rebuildIndex(at: folder.path) } == .notFound)
    #expect(
      failure {
        _ = try FeatureCache.rebuildIndex(at: folder.path, descriptor: descriptor(encoder: "e2"))
      } == .damagedShard)
    #expect(failure { _ = try fill(folder, []) } == .alreadyExists)
    _ = try FeatureCache.rebuildIndex(at: folder.path, descriptor: descriptor())
    let cache = try FeatureCache.open(at: folder.path, descriptor: descriptor())
    #expect(try cache.vector(forItem: "item9") == vector(9))
  }

  @Test func anInterruptedCreationStartsOver() throws {
    let folder = TemporaryFolder()
    try fill(folder, [])
    try FileManager.default.removeItem(atPath: folder.file("cache.json"))
    let cache = try fill(folder, [0..<3])
    #expect(try cache.vector(forItem: "item2") == vector(2))
  }

  /// A child process commits until it is killed at a moment of the parent's choosing. Every
  /// commit that it acknowledged must be there, and none in part.
  @Test(.serialized, arguments: 0..<8)
  func killedWritersLoseNothingAcknowledged(_ round: Int) async throws {
    let folder = TemporaryFolder()
    try fill(folder, [])
    let path = folder.path
    let delay = UInt32(4000 + 9000 * round)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, delay = delay as UInt32] in
      let cache = try FeatureCache.open(at: path, mode: .write)
      Thread.detachNewThread {
        usleep(delay)
        kill(getpid(), SIGKILL)
      }
      let log = open(path + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o644)
      for commit in 0..<100_000 {
        _ = try cache.append((commit * 5..<commit * 5 + 5).map { row($0) })
        try cache.commit()
        _ = write(log, [UInt8(1)], 1)
      }
    }
    let acknowledged = (try? folder.bytes("acknowledged").count) ?? 0
    for mode in [FeatureCache.Mode.read, .write] {
      let cache = try FeatureCache.open(at: path, mode: mode)
      let ids = try cache.loadTable().ids
      #expect(ids.count % 5 == 0 && ids.count >= acknowledged * 5)
      #expect(ids.count <= (acknowledged + 1) * 5)
      for number in 0..<ids.count {
        #expect(try cache.vector(forItem: "item\(number)") == vector(number))
      }
      #expect(try cache.verify().isSound)
    }
  }
}
