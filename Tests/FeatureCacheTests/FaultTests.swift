import FeatureCache
import Foundation
import Glibc
import Testing

/// What the machine does to a cache: full disks, permissions, other processes. Each test has a
/// process of its own, which the fault ends with.
@Suite struct FaultTests {
  private static let needsMount: Comment = "mounting a small file system is not allowed here"

  @Test(.enabled(if: SmallDisk.isAllowed, needsMount))
  func aFullDiskLosesNothing() async throws {
    let folder = TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      try #require(SmallDisk.mount(at: path, "size=2m"))
      let cache = try FeatureCache.create(
        at: path + "/cache", descriptor: descriptor(width: 1024), initialMapBytes: 1)
      // Something else on the disk, which will make room.
      try Data(count: 512 << 10).write(to: URL(fileURLWithPath: path + "/ballast"))
      var commits = 0
      var code: FeatureCacheError.Code?
      while code == nil, commits < 1000 {
        let rows = (commits * 50..<commits * 50 + 50).map { row($0, cache.descriptor) }
        #expect(try cache.append(rows).isEmpty)
        code = failure { try cache.commit() }
        if code == nil { commits += 1 }
      }
      #expect(code == .diskFull && commits > 1)
      #expect(failure { try cache.export(toDirectory: path + "/out") } == .diskFull)
      #expect(try FeatureCache.open(at: path + "/cache").loadTable().ids.count == commits * 50)
      #expect(cache.pending.rows == 50)
      // The handle keeps what waits.
      unlink(path + "/ballast")
      #expect(try cache.commit() == CommitSummary(rows: 50, links: 50))
      let last = commits * 50 + 49
      #expect(try cache.vector(forItem: "item\(last)") == vector(last, width: 1024))
      #expect(try cache.verify().isSound)
    }
  }

  /// A disk that has bytes left, but no room for another file: the fault comes in the middle of a
  /// commit.
  @Test(.enabled(if: SmallDisk.isAllowed, needsMount))
  func aDiskWithoutRoomForFilesLosesNothing() async throws {
    let folder = TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      // The root, the cache, its description, lock and index with two files; two shards; a half.
      try #require(SmallDisk.mount(at: path, "size=16m,nr_inodes=12"))
      let cache = try FeatureCache.create(
        at: path + "/cache", descriptor: descriptor(), initialMapBytes: 1)
      for commit in 0..<2 {
        #expect(try cache.append((commit * 5..<commit * 5 + 5).map { row($0) }).isEmpty)
        try cache.commit()
      }
      #expect(try cache.append((10..<15).map { row($0) }).isEmpty)
      #expect(failure { try cache.commit() } == .diskFull)
      #expect(try FeatureCache.open(at: path + "/cache").loadTable().ids.count == 10)
      #expect(try FeatureCache.open(at: path + "/cache").verify().isSound)
      #expect(Glibc.mount(nil, path, nil, UInt(MS_REMOUNT), "size=16m,nr_inodes=64") == 0)
      #expect(try cache.commit() == CommitSummary(rows: 5, links: 5))
      #expect(try cache.vector(forItem: "item14") == vector(14))
      #expect(try cache.verify().isSound)
    }
  }

  @Test func aFileThatMayNotBeReadIsNoDamage() async throws {
    let folder = TemporaryFolder()
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      try #require(becomeNobody())
      let sidecar = path + "/shard-000002.keys"
      do {
        let cache = try FeatureCache.create(at: path, descriptor: descriptor())
        for commit in 0..<2 {
          #expect(try cache.append([row(commit)]).isEmpty)
          try cache.commit()
        }
      }
      chmod(sidecar, 0)
      #expect(failure { _ = try FeatureCache.rebuildIndex(at: path) } == .systemFailure)
      #expect(try FeatureCache.open(at: path).vector(forItem: "item1") == vector(1))
      // As an orphan: with the index of before the second commit.
      try FileManager.default.removeItem(atPath: path + "/index")
      rename(sidecar, path + "/away")
      rename(path + "/shard-000002.npy", path + "/away.npy")
      _ = try FeatureCache.rebuildIndex(at: path)
      rename(path + "/away", sidecar)
      rename(path + "/away.npy", path + "/shard-000002.npy")
      #expect(failure { _ = try FeatureCache.open(at: path, mode: .write) } == .systemFailure)
      chmod(sidecar, 0o644)
      let cache = try FeatureCache.open(at: path, mode: .write)
      #expect(try cache.vector(forItem: "item1") == vector(1))
    }
  }

  @Test func aFolderThatMayNotBeWrittenIsReadOnly() async throws {
    let folder = TemporaryFolder()
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      try #require(becomeNobody())
      try fillAndClose(path)
      chmod(path, 0o555)
      chmod(path + "/index", 0o555)
      defer {
        chmod(path, 0o755)
        chmod(path + "/index", 0o755)
      }
      #expect(try FeatureCache.open(at: path).vector(forItem: "item1") == vector(1))
      #expect(failure { _ = try FeatureCache.open(at: path, mode: .write) } == .readOnly)
      #expect(failure { _ = try FeatureCache.rebuildIndex(at: path) } != nil)
      #expect(
        failure { try FeatureCache.open(at: path).export(toDirectory: path + "/index") }
          == .readOnly)
    }
  }

  @Test(.enabled(if: getuid() == 0, "needs a second user"))
  func anotherUsersCacheSaysWhatItNeeds() async throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<3])
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      try #require(becomeNobody())
      do throws(FeatureCacheError) {
        _ = try FeatureCache.open(at: path)
        Issue.record("opened")
      } catch {
        #expect(error.code == .readOnly && error.path == path + "/index/lock.mdb")
        #expect(error.advice.contains("chmod g+w"))
      }
    }
    // A folder that may not be entered is not an index that is missing.
    chmod(folder.file("index"), 0o700)
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      try #require(becomeNobody())
      #expect(failure { _ = try FeatureCache.open(at: path) } == .systemFailure)
    }
    chmod(folder.file("index"), 0o755)
    chmod(folder.file("index/lock.mdb"), 0o666)
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      try #require(becomeNobody())
      #expect(try FeatureCache.open(at: path).vector(forItem: "item2") == vector(2))
    }
  }

  /// The reader's map is as small as can be; the writer of another process outgrows it.
  @Test func aReaderFollowsAMapThatAnotherProcessGrows() async throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<10])
    let reader = try FeatureCache.open(at: folder.path, initialMapBytes: 1)
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      let cache = try FeatureCache.open(at: path, mode: .write)
      for start in stride(from: 10, to: 30010, by: 10000) {
        #expect(try cache.append((start..<start + 10000).map { row($0) }).isEmpty)
        try cache.commit()
      }
    }
    let info = try reader.info
    #expect(info.items == 30010 && info.indexBytes > 4 << 20)
    #expect(try reader.vector(forItem: "item1999") == vector(1999))
    #expect(try reader.verify().isSound)
  }
}

private func fillAndClose(_ path: String) throws {
  let cache = try FeatureCache.create(at: path, descriptor: descriptor())
  let rejected = try cache.append((0..<3).map { row($0) })
  precondition(rejected.isEmpty)
  try cache.commit()
}
