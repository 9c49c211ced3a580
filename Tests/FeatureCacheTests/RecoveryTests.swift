import FeatureCache
import Foundation
import Glibc
import Testing

@Suite struct RecoveryTests {
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
      #expect(report.isSound)
      #expect(report.remarks.count == 1 && report.remarks[0].contains("takes it in"))
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
    try folder.write([1], to: "notes.tmp")
    _ = try FeatureCache.open(at: folder.path)
    #expect(try folder.files().contains("shard-000003.npy.tmp"))
    let writer = try FeatureCache.open(at: folder.path, mode: .write)
    // What no writer makes is not the cache's to remove.
    #expect(try folder.files().filter { $0.hasSuffix(".tmp") } == ["notes.tmp"])
    #expect(try writer.verify().remarks.count == 1)
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

  @Test func aDamagedOrphanIsReportedAndNotTakenIn() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<10])
    try folder.write([1, 2, 3], to: "shard-000002.keys")
    try folder.write([1, 2, 3], to: "shard-000003.npy")
    let writer = try FeatureCache.open(at: folder.path, mode: .write)
    let report = try writer.verify()
    #expect(report.problems.map(\.code) == [.damagedShard, .damagedShard])
    #expect(report.problems[0].path.hasSuffix("shard-000002.keys"))
    #expect(report.problems[1].message.contains("missing"))
    #expect(report.remarks.isEmpty)
    #expect(try writer.append([row(10)]).isEmpty)
    try writer.commit()
    #expect(try folder.files().contains("shard-000004.npy"))
  }

  /// A shard that could not be read for a while comes back after later ones.
  @Test func aLateShardBringsNothingOldBack() throws {
    let (folder, late) = (TemporaryFolder(), TemporaryFolder())
    do {
      let cache = try fill(folder, [0..<10])
      try folder.copy(to: late)
      try cache.link("item0", to: key(3))
      try cache.link("only there", to: key(4))
      try cache.commit()
    }
    let sidecar = try folder.bytes("shard-000002.keys")
    try late.write([0], to: "shard-000002.keys")
    do {
      let cache = try FeatureCache.open(at: late.path, mode: .write)
      try cache.link("item0", to: key(5))
      try cache.commit()
    }
    try late.write(sidecar, to: "shard-000002.keys")
    let cache = try FeatureCache.open(at: late.path, mode: .write)
    #expect(try cache.key(forItem: "item0") == key(5))
    #expect(try cache.key(forItem: "only there") == key(4))
    #expect(try cache.info.shards == 3 && cache.verify().isSound)
  }

  @Test func theLastShardNumberIsAnError() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<3])
    try folder.write([], to: "shard-4294967295.keys")
    #expect(
      failure { _ = try FeatureCache.open(at: folder.path, mode: .write) } == .noShardNumber)
    #expect(
      try FeatureCache.rebuildIndex(at: folder.path).setAside == ["shard-4294967295.keys.damaged"])
    let cache = try FeatureCache.open(at: folder.path, mode: .write)
    #expect(try cache.append([row(3)]).isEmpty)
    try cache.commit()
  }

  /// The state between the two renames of a repair.
  @Test func aRepairThatDiedAtItsEndIsCompleted() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<20])
    let manager = FileManager.default
    try manager.copyItem(atPath: folder.file("index"), toPath: folder.file("index.tmp"))
    try manager.moveItem(atPath: folder.file("index"), toPath: folder.file("index.old"))
    #expect(failure { _ = try FeatureCache.open(at: folder.path) } == .indexMissing)
    let cache = try FeatureCache.open(at: folder.path, mode: .write)
    #expect(try cache.vector(forItem: "item19") == vector(19))
    #expect(try !folder.files().contains { $0.hasPrefix("index.") })
  }

  /// A child process commits until it is killed at a moment of the parent's choosing. Every
  /// commit that it acknowledged must be there, and none in part.
  @Test func killedWritersLoseNothingAcknowledged() async throws {
    var total = 0
    for round in 0..<8 {
      let folder = TemporaryFolder()
      try fill(folder, [])
      let delay = UInt32(4000 + 9000 * round)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = folder.path as String, delay = delay as UInt32] in
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
      total += acknowledged
      for mode in [FeatureCache.Mode.read, .write] {
        let cache = try FeatureCache.open(at: folder.path, mode: mode)
        let ids = try cache.loadTable().ids
        #expect(ids.count % 5 == 0 && ids.count >= acknowledged * 5)
        #expect(ids.count <= (acknowledged + 1) * 5)
        for number in 0..<ids.count {
          #expect(try cache.vector(forItem: "item\(number)") == vector(number))
        }
        #expect(try cache.verify().isSound)
      }
    }
    #expect(total > 0, "no writer lived long enough to acknowledge a commit")
  }
}
