import FeatureCache
import Foundation
import Glibc
import Testing

@Suite struct CompactionTests {
  /// Twelve shards of five rows, with links that later shards replace and shards of links alone.
  private func sample() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    let cache = try fill(folder, (0..<10).map { $0 * 5..<$0 * 5 + 5 })
    try cache.link("again", to: key(3))
    try cache.commit()
    try cache.link("item7", to: key(42))
    try cache.link("item8", to: key(1))
    #expect(try cache.append([row(50)]).isEmpty)
    try cache.commit()
    return folder
  }

  private func expected(_ number: Int) -> [Float] {
    vector([7: 42, 8: 1][number] ?? number)
  }

  /// Everything that was committed is there.
  private func check(_ cache: FeatureCache, sourceLocation: SourceLocation = #_sourceLocation)
    throws
  {
    for number in 0...50 {
      #expect(
        try cache.vector(forItem: "item\(number)") == expected(number), "item \(number)",
        sourceLocation: sourceLocation)
    }
    #expect(try cache.vector(forItem: "again") == vector(3), sourceLocation: sourceLocation)
    #expect(try cache.loadTable().ids.count == 52, sourceLocation: sourceLocation)
    let report = try cache.verify()
    #expect(report.isSound, "\(report.problems)", sourceLocation: sourceLocation)
  }

  @Test func manyShardsBecomeFew() throws {
    let folder = try sample()
    let cache = try FeatureCache.open(at: folder.path, mode: .write)
    let plan = try cache.compact(isDryRun: true)
    #expect(plan.shards == 12 && plan.newShards == 1 && plan.rows == 51 && plan.droppedRows == 0)
    #expect(try cache.info.shards == 12)
    let report = try cache.compact()
    #expect(report.newBytes < report.bytes)
    #expect(report.rows == plan.rows && report.shards == plan.shards)
    #expect(try cache.info.shards == 1 && cache.info.items == 52 && cache.info.keys == 51)
    #expect(
      try folder.files().filter { $0.hasPrefix("shard-") }
        == ["shard-000013.keys", "shard-000013.npy"])
    try check(cache)
    #expect(try cache.verify().remarks.isEmpty)
    // Nothing is left to do; later commits go on behind it.
    #expect(try cache.compact().shards == 0)
    #expect(try cache.append([row(60)]).isEmpty)
    try cache.commit()
    #expect(try cache.info.shards == 2)
    #expect(try cache.compact().shards == 2)
    #expect(try cache.vector(forItem: "item60") == vector(60))
  }

  @Test(arguments: [1, 100, 400])
  func anIndexCanBeRebuiltFromTheNewShards(_ shardBytes: Int) throws {
    let folder = try sample()
    do {
      let cache = try FeatureCache.open(at: folder.path, mode: .write)
      _ = try cache.compact(shardBytes: shardBytes)
      try check(cache)
    }
    try FileManager.default.removeItem(atPath: folder.file("index"))
    let report = try FeatureCache.rebuildIndex(at: folder.path)
    #expect(report.lostLinks == 0 && report.lostRows == 0)
    try check(try FeatureCache.open(at: folder.path))
  }

  @Test func largeShardsStayAndLaterOnesJoin() throws {
    let folder = TemporaryFolder()
    let cache = try fill(folder, [0..<100, 100..<200, 200..<203, 203..<206])
    let report = try cache.compact(shardBytes: 1600)
    #expect(report.keptShards == 2 && report.shards == 2 && report.newShards == 1)
    #expect(try cache.info.shards == 3)
    #expect(try cache.loadTable().ids.count == 206)
    #expect(try cache.verify().isSound)
  }

  @Test func vectorsWithoutAnItemCanGo() throws {
    let folder = TemporaryFolder()
    let cache = try fill(folder, [0..<10])
    // Posters that have changed.
    for number in 0..<4 { try cache.link("item\(number)", to: key(number + 5)) }
    #expect(try cache.compact(isDryRun: true).shards == 0)
    #expect(try cache.compact(droppingUnlinked: true, isDryRun: true).droppedRows == 0)
    let report = try cache.compact(droppingUnlinked: true)
    #expect(report.droppedRows == 4 && report.rows == 6)
    #expect(try cache.vector(forKey: key(2)) == nil && !cache.contains(key(2)))
    #expect(try cache.vector(forItem: "item2") == vector(7))
    #expect(try cache.verify().isSound && cache.info.keys == 6)
  }

  /// Killed after each step: the cache is whole, and compacting again completes it.
  @Test(arguments: 0..<8)
  func aKilledCompactionLosesNothing(_ steps: Int) async throws {
    let folder = try sample()
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = folder.path as String, steps = steps as Int] in
      let cache = try FeatureCache.open(at: path, mode: .write)
      var left = steps
      _ = try cache.compact(shardBytes: 200) { _ in
        if left == 0 { kill(getpid(), SIGKILL) }
        left -= 1
      }
      kill(getpid(), SIGKILL)
    }
    try check(try FeatureCache.open(at: folder.path))
    let cache = try FeatureCache.open(at: folder.path, mode: .write)
    try check(cache)
    _ = try cache.compact()
    try check(cache)
    #expect(try cache.info.shards == 1)
    #expect(try folder.files().filter { $0.hasPrefix("shard-") }.count == 2)
  }

  /// The same with the index rebuilt after the kill.
  @Test(arguments: [1, 3, 5, 6])
  func aKilledCompactionCanBeRepaired(_ steps: Int) async throws {
    let folder = try sample()
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = folder.path as String, steps = steps as Int] in
      let cache = try FeatureCache.open(at: path, mode: .write)
      var left = steps
      _ = try cache.compact(shardBytes: 200) { _ in
        if left == 0 { kill(getpid(), SIGKILL) }
        left -= 1
      }
      kill(getpid(), SIGKILL)
    }
    let lost = TemporaryFolder()
    try folder.copy(to: lost)
    try FileManager.default.removeItem(atPath: lost.file("index"))
    for folder in [folder, lost] {
      _ = try FeatureCache.rebuildIndex(at: folder.path)
      try check(try FeatureCache.open(at: folder.path))
      try check(try FeatureCache.open(at: folder.path, mode: .write))
    }
  }

  /// A reader of another process sees the old index while it works on what it found there.
  @Test func readersGoOn() async throws {
    let folder = try sample()
    let reader = try FeatureCache.open(at: folder.path)
    #expect(try reader.vector(forItem: "item0") == vector(0))
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      for round in 0..<3 {
        let cache = try FeatureCache.open(at: path, mode: .write)
        #expect(try cache.append([row(100 + round)]).isEmpty)
        _ = try cache.compact()
      }
    }
    #expect(try reader.vector(forItem: "item49") == vector(49))
    #expect(try reader.vector(forItem: "item102") == vector(102))
    #expect(try reader.loadTable().ids.count == 55)
    #expect(try reader.verify().isSound)
  }

  @Test func readersInManyThreadsGoOn() async throws {
    let folder = TemporaryFolder()
    let cache = try fill(folder, (0..<100).map { $0..<$0 + 1 })
    try await withThrowingTaskGroup(of: Void.self) { group in
      for seed in 0..<3 {
        group.addTask {
          let reader = try FeatureCache.open(at: folder.path)
          for round in 0..<20 {
            let item = (round * 7 + seed) % 100
            #expect(try reader.vector(forItem: "item\(item)") == vector(item))
            #expect(try reader.loadTable().ids.count >= 100)
            #expect(try reader.similar(to: [vector(item)], top: 1, threads: 1)[0].count == 1)
            try reader.export(toDirectory: folder.file("out\(seed)"))
          }
        }
      }
      group.addTask {
        for round in 0..<10 {
          #expect(try cache.append([row(200 + round)]).isEmpty)
          _ = try cache.compact()
        }
      }
      try await group.waitForAll()
    }
    #expect(try cache.loadTable().ids.count == 110)
  }

  @Test func damageIsNotCopied() throws {
    let folder = try sample()
    var bytes = try folder.bytes("shard-000004.npy")
    bytes[bytes.count - 20] ^= 2
    try folder.write(bytes, to: "shard-000004.npy")
    let cache = try FeatureCache.open(at: folder.path, mode: .write)
    #expect(failure { _ = try cache.compact() } == .damagedRow)
    #expect(try cache.vector(forItem: "item49") == vector(49))
    #expect(failure { _ = try cache.vector(forItem: "item18") } == .damagedRow)
    #expect(try !folder.files().contains { $0.hasSuffix(".tmp") })
  }
}
