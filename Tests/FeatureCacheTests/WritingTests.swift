import FeatureCache
import Foundation
import Testing

@Suite struct WritingTests {
  @Test func aKnownKeyCostsOnlyItsLink() throws {
    let folder = TemporaryFolder()
    let cache = try fill(folder, [0..<10])
    let again = FeatureRow(key: key(3), items: ["renamed"], vector: vector(3))
    #expect(try cache.append([again, again]).isEmpty)
    #expect(cache.pending.rows == 0)
    try cache.link("other", to: key(4))
    #expect(try cache.vector(forItem: "other") == nil)
    #expect(try cache.commit() == CommitSummary(rows: 0, links: 3))
    #expect(try cache.vector(forItem: "renamed") == vector(3))
    #expect(try cache.vector(forItem: "other") == vector(4))
    #expect(try cache.info.rows == 10)
    #expect(try !folder.files().contains("shard-000002.npy"))
    #expect(failure { try cache.link("x", to: key(99)) } == .unknownKey)
  }

  @Test func oneKeyTwiceInABatchIsStoredOnce() throws {
    let folder = TemporaryFolder()
    let cache = try FeatureCache.create(at: folder.path, descriptor: descriptor())
    let rows = ["a", "b"].map { FeatureRow(key: key(1), items: [$0], vector: vector(1)) }
    #expect(try cache.append(rows).isEmpty)
    #expect(try cache.contains(key(1)))
    #expect(try cache.commit() == CommitSummary(rows: 1, links: 2))
    #expect(try cache.vector(forItem: "b") == vector(1))
  }

  @Test func aNewPosterReplacesTheLink() throws {
    let folder = TemporaryFolder()
    let cache = try fill(folder, [0..<2])
    let poster = FeatureRow(key: key(9), items: ["item0"], vector: vector(9))
    #expect(try cache.append([poster]).isEmpty)
    try cache.commit()
    #expect(try cache.vector(forItem: "item0") == vector(9))
    #expect(try cache.key(forItem: "item0") == key(9))
    #expect(try cache.vector(forKey: key(0)) == vector(0))
  }

  @Test func badVectorsAreNamedAndTheOthersTaken() throws {
    let folder = TemporaryFolder()
    let cache = try FeatureCache.create(at: folder.path, descriptor: descriptor(width: 2))
    let vectors: [[Float]] = [
      [1, 2], [1, .nan], [.infinity, 0], [65504, -65504], [65505, 0], [0, -70000], [1], [],
    ]
    let rows = vectors.enumerated().map {
      FeatureRow(key: key($0.offset), items: ["i\($0.offset)"], vector: $0.element)
    }
    let rejected = try cache.append(rows)
    #expect(rejected.map(\.index) == [1, 2, 4, 5, 6, 7])
    #expect(rejected.allSatisfy { $0.reason.code == .invalidVector })
    #expect(rejected[3].reason.description.contains("\"i5\""))
    #expect(rejected[3].reason.description.contains("element 1 is -70000.0"))
    #expect(try cache.commit() == CommitSummary(rows: 2, links: 2))
  }

  @Test func largeValuesFitFullPrecision() throws {
    let folder = TemporaryFolder()
    let cache = try FeatureCache.create(at: folder.path, descriptor: descriptor(width: 1, .float32))
    #expect(try cache.append([FeatureRow(key: key(0), items: [], vector: [1e30])]).isEmpty)
    let bad = FeatureRow(key: key(1), items: [], vector: [.nan])
    #expect(try cache.append([bad]).count == 1)
  }

  @Test func readersMayNotWrite() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<1])
    let cache = try FeatureCache.open(at: folder.path)
    #expect(failure { _ = try cache.append([row(1)]) } == .readOnly)
    #expect(failure { try cache.link("a", to: key(0)) } == .readOnly)
    #expect(failure { try cache.commit() } == .readOnly)
  }

  @Test func oneWriterAtATime() throws {
    let folder = TemporaryFolder()
    do {
      let writer = try fill(folder, [0..<1])
      let reader = try FeatureCache.open(at: folder.path)
      do {
        _ = try FeatureCache.open(at: folder.path, mode: .write)
        Issue.record("two writers")
      } catch {
        #expect(error.code == .writerBusy)
        #expect(error.description.contains("\(ProcessInfo.processInfo.processIdentifier)"))
      }
      #expect(try writer.append([row(1)]).isEmpty)
      try writer.commit()
      #expect(try reader.vector(forItem: "item1") == vector(1))
    }
    _ = try FeatureCache.open(at: folder.path, mode: .write)
  }

  @Test func aDifferentEncoderIsRefusedByName() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<1])
    do {
      _ = try FeatureCache.open(at: folder.path, descriptor: descriptor(width: 9, encoder: "e2"))
      Issue.record("opened")
    } catch {
      #expect(error.code == .descriptorMismatch)
      #expect(error.description.contains("width is 8, not 9; encoder is e1, not e2"))
      #expect(error.description.contains("adds a generation"))
    }
    #expect(failure { _ = try fill(folder, []) } == .alreadyExists)
    #expect(failure { _ = try FeatureCache.open(at: folder.file("none")) } == .notFound)
  }

  @Test func theMapGrows() throws {
    let folder = TemporaryFolder()
    let descriptor = descriptor(width: 2)
    let cache = try FeatureCache.create(
      at: folder.path, descriptor: descriptor, initialMapBytes: 1)
    let reader = try FeatureCache.open(at: folder.path)
    for start in stride(from: 0, to: 60000, by: 20000) {
      let rows = (start..<start + 20000).map { row($0, descriptor) }
      #expect(try cache.append(rows).isEmpty)
      try cache.commit()
      #expect(try reader.vector(forItem: "item\(start)") == vector(start, width: 2))
    }
    let info = try cache.info
    #expect(info.keys == 60000 && info.items == 60000)
    #expect(info.indexBytes > 4 << 20)
    #expect(try cache.verify().isSound)
  }
}
