import FeatureCache
import Foundation
import Testing

private let measuringFolder = ProcessInfo.processInfo.environment["VITRINE_MEASURE"]

/// Numbers for the documentation, not checks: they run only where `VITRINE_MEASURE` names a folder
/// to work in, and print what they find.
///
///     VITRINE_MEASURE=/dev/shm swift test -c release --filter Measurements
@Suite(.serialized, .enabled(if: measuringFolder != nil, "set VITRINE_MEASURE to a folder"))
struct Measurements {
  private static func number(_ name: String, _ usual: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? usual
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    let time = start.duration(to: .now).components
    return Double(time.seconds) + 1e-18 * Double(time.attoseconds)
  }

  private func report(_ what: String, _ seconds: Double) {
    print("measured: \(what): \(String(format: "%.4f", seconds)) s")
  }

  /// A cache of random vectors, which stays for the next run.
  private func million() throws -> FeatureCache {
    let rows = Self.number("VITRINE_ROWS", 1_000_000)
    let path = (measuringFolder ?? "") + "/similar-\(rows)"
    let kind = descriptor(width: 512)
    if let cache = try? FeatureCache.open(at: path, descriptor: kind) { return cache }
    let cache = try FeatureCache.create(at: path, descriptor: kind)
    var state: UInt64 = 88_172_645_463_325_252
    for start in stride(from: 0, to: rows, by: 16384) {
      let part = (start..<min(start + 16384, rows)).map { number in
        let vector = (0..<512).map { _ in
          state ^= state << 13
          state ^= state >> 7
          state ^= state << 17
          return Float(state % 4001) / 2000 - 1
        }
        return FeatureRow(key: key(number, kind), items: ["item\(number)"], vector: vector)
      }
      #expect(try cache.append(part).isEmpty)
      try cache.commit()
    }
    return try FeatureCache.open(at: path, descriptor: kind)
  }

  @Test func similarPosters() throws {
    let path = try million().path
    report("open", try seconds { _ = try FeatureCache.open(at: path) })
    let cache = try FeatureCache.open(at: path)
    var loaded: SimilarityTable?
    report("load into memory", try seconds { loaded = try SimilarityTable(cache) })
    let table = try #require(loaded)
    let queries = try (0..<8).compactMap { try cache.vector(forItem: "item\($0 * 999)") }
    for (threads, count) in [(1, 1), (2, 1), (2, 8)] {
      var times: [Double] = []
      for _ in 0..<5 {
        times.append(
          try seconds {
            _ = try cache.similar(to: Array(queries[..<count]), top: 10, threads: threads)
          })
      }
      report("\(count) queries, \(threads) threads, median of 5", times.sorted()[2])
      times = try (0..<5).map { _ in
        try seconds {
          _ = try table.similar(to: Array(queries[..<count]), top: 10, threads: threads)
        }
      }
      report("the same in memory", times.sorted()[2])
    }
  }

  @Test func manyShards() throws {
    let path = (measuringFolder ?? "") + "/shards-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let shards = Self.number("VITRINE_SHARDS", 20_000)
    try commitOneByOne(shards, at: path)
    report("open for reading", try seconds { _ = try FeatureCache.open(at: path) })
    report("open for writing", try seconds { _ = try FeatureCache.open(at: path, mode: .write) })
    let cache = try FeatureCache.open(at: path, mode: .write)
    report("info", try seconds { _ = try cache.info })
    report("load the table", try seconds { _ = try cache.loadTable() })
    report("compact", try seconds { _ = try cache.compact() })
    #expect(try cache.verify().isSound)
  }

  private func commitOneByOne(_ shards: Int, at path: String) throws {
    let cache = try FeatureCache.create(at: path, descriptor: descriptor())
    for start in stride(from: 0, to: shards, by: 4000) {
      let time = try seconds {
        for number in start..<min(start + 4000, shards) {
          #expect(try cache.append([row(number)]).isEmpty)
          try cache.commit()
        }
      }
      report("a commit behind \(start) shards", time / 4000)
    }
  }
}
