import FeatureCache
import Foundation
import Synchronization
import Testing

@Suite struct ConcurrencyTests {
  /// Tells the readers that the writer is done.
  private final class Ending: Sendable {
    private let state = Mutex(false)

    var hasCome: Bool { state.withLock { $0 } }

    func come() { state.withLock { $0 = true } }
  }

  @Test func readersSeeWholeCommitsWhileOneWrites() async throws {
    let folder = TemporaryFolder()
    let cache = try FeatureCache.create(
      at: folder.path, descriptor: descriptor(), initialMapBytes: 1)
    let reader = try FeatureCache.open(at: folder.path)
    let ending = Ending()
    let (commits, size) = (30, 300)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for seed in 0..<4 {
        group.addTask {
          var dice = Dice(UInt64(seed))
          var found = 0
          while !ending.hasCome {
            // The pool of threads may be smaller than the number of tasks.
            await Task.yield()
            let number = dice.below(commits * size)
            guard let seen = try reader.vector(forItem: "item\(number)") else { continue }
            #expect(seen == vector(number))
            // The whole of its commit is there.
            let last = number / size * size + size - 1
            #expect(try reader.vector(forItem: "item\(last)") == vector(last))
            found += 1
          }
          return found
        }
      }
      group.addTask {
        defer { ending.come() }
        for commit in 0..<commits {
          let rows = (commit * size..<(commit + 1) * size).map { row($0) }
          #expect(try cache.append(rows).isEmpty)
          try cache.commit()
        }
        return 0
      }
      var found = 0
      for try await count in group { found += count }
      #expect(found > 0)
    }
    #expect(try reader.loadTable().ids.count == commits * size)
  }

  @Test func handlesComeAndGoInManyThreads() async throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<20])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for seed in 0..<8 {
        group.addTask {
          for number in 0..<50 {
            let cache = try FeatureCache.open(at: folder.path)
            let item = (number + seed) % 20
            #expect(try cache.vector(forItem: "item\(item)") == vector(item))
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
