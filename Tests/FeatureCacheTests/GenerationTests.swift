import FeatureCache
import Foundation
import Glibc
import Testing

@Suite struct GenerationTests {
  private let first = descriptor(encoder: "e1")
  private let second = descriptor(width: 12, encoder: "e2")

  /// One item under two encoders.
  private func twoGenerations() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    for descriptor in [first, second] {
      let cache = try FeatureCache.openOrCreate(at: folder.path, descriptor: descriptor)
      #expect(try cache.append([row(1, descriptor)]).isEmpty)
      try cache.commit()
    }
    return folder
  }

  @Test func anotherEncoderHasAGenerationOfItsOwn() throws {
    let folder = try twoGenerations()
    #expect(try folder.files().contains("shard-000001.npy"))
    #expect(try folder.files().contains("generation-000002/shard-000001.npy"))
    let all = try FeatureCache.generations(at: folder.path)
    #expect(all.map(\.number) == [1, 2] && all.map(\.descriptor) == [first, second])
    for descriptor in [first, second] {
      let cache = try FeatureCache.open(at: folder.path, descriptor: descriptor)
      #expect(try cache.vector(forItem: "item1") == vector(1, width: descriptor.width))
      #expect(try cache.verify().isSound && cache.verify().remarks.isEmpty)
    }
    #expect(try FeatureCache.open(at: folder.path).descriptor == second)
    #expect(try FeatureCache.open(at: folder.path, generation: 1).descriptor == first)
    // The first one again: no third generation.
    let again = try FeatureCache.openOrCreate(at: folder.path, descriptor: first)
    #expect(again.path == folder.path)
    #expect(try FeatureCache.generations(at: folder.path).count == 2)
  }

  @Test func anUnknownEncoderIsToldWhatThereIs() throws {
    let folder = try twoGenerations()
    do {
      _ = try FeatureCache.open(at: folder.path, descriptor: descriptor(encoder: "e3"))
      Issue.record("opened")
    } catch {
      #expect(error.code == .descriptorMismatch)
      #expect(error.message.contains("in generation 1, encoder is e1, not e3"))
      #expect(error.message.contains("in generation 2, width is 12, not 8, encoder is e2, not e3"))
    }
    do {
      _ = try FeatureCache.open(at: folder.path, generation: 7)
      Issue.record("opened")
    } catch {
      #expect(error.code == .notFound && error.advice.contains("It has 1, 2"))
    }
  }

  @Test func theElementTypeMayBeKept() throws {
    let folder = TemporaryFolder()
    _ = try FeatureCache.openOrCreate(at: folder.path, descriptor: descriptor(8, .float32))
    let kept = try FeatureCache.openOrCreate(
      at: folder.path, descriptor: descriptor(8, .float16), keepingElementType: true)
    #expect(kept.descriptor.elementType == .float32)
    _ = try FeatureCache.openOrCreate(at: folder.path, descriptor: descriptor(8, .float16))
    #expect(try FeatureCache.generations(at: folder.path).count == 2)
  }

  @Test func anInterruptedCreationIsTakenUp() throws {
    let folder = try twoGenerations()
    for remains in [["generation-000003"], ["generation-000003", "generation-000003/index"]] {
      for name in remains { mkdir(folder.file(name), 0o755) }
      #expect(try FeatureCache.generations(at: folder.path).count == 2)
    }
    let cache = try FeatureCache.openOrCreate(
      at: folder.path, descriptor: descriptor(encoder: "e3"))
    #expect(cache.path.hasSuffix("generation-000003"))
  }

  /// It might be the one that is wanted.
  @Test func aDamagedDescriptionIsNotPassedOver() throws {
    let folder = try twoGenerations()
    try folder.write([1, 2, 3], to: "generation-000002/cache.json")
    let third = descriptor(encoder: "e3")
    #expect(failure { _ = try FeatureCache.open(at: folder.path) } == .damagedDescriptor)
    #expect(
      failure { _ = try FeatureCache.openOrCreate(at: folder.path, descriptor: third) }
        == .damagedDescriptor)
    #expect(try FeatureCache.open(at: folder.path, descriptor: first).path == folder.path)
    try FileManager.default.removeItem(atPath: folder.file("generation-000002/cache.json"))
    #expect(try FeatureCache.generations(at: folder.path).count == 2)
    #expect(failure { _ = try FeatureCache.open(at: folder.path, generation: 2) } == .notFound)
    let report = try FeatureCache.rebuildIndex(
      at: folder.file("generation-000002"), descriptors: [first, second])
    #expect(report.rows == 1)
    #expect(try FeatureCache.open(at: folder.path).descriptor == second)
  }

  @Test(arguments: [1, 2])
  func aGenerationCanBeDropped(_ number: Int) throws {
    let folder = try twoGenerations()
    try folder.write([1], to: "ledger.jsonl")
    try FeatureCache.drop(generation: number, at: folder.path)
    let left = try FeatureCache.generations(at: folder.path)
    #expect(left.map(\.number) == [3 - number])
    let cache = try FeatureCache.open(at: folder.path)
    #expect(try cache.vector(forItem: "item1") != nil)
    #expect(try folder.files().contains("ledger.jsonl"))
    #expect(try !folder.files().contains { $0.hasSuffix(".tmp") })
    #expect(
      failure { try FeatureCache.drop(generation: 3 - number, at: folder.path) }
        == .lastGeneration)
    // What was dropped starts over, after the newest.
    let dropped = number == 1 ? first : second
    let again = try FeatureCache.openOrCreate(at: folder.path, descriptor: dropped)
    #expect(try again.vector(forItem: "item1") == nil)
    #expect(try FeatureCache.generations(at: folder.path).last?.descriptor == dropped)
  }

  @Test func aGenerationInWorkIsNotDropped() throws {
    let folder = try twoGenerations()
    let writer = try FeatureCache.open(at: folder.path, generation: 1, mode: .write)
    #expect(failure { try FeatureCache.drop(generation: 1, at: folder.path) } == .writerBusy)
    #expect(try writer.vector(forItem: "item1") == vector(1))
  }

  @Test func aReaderOfADroppedGenerationIsToldSo() throws {
    let folder = try twoGenerations()
    let reader = try FeatureCache.open(at: folder.path, generation: 1)
    try FeatureCache.drop(generation: 1, at: folder.path)
    #expect(failure { _ = try reader.vector(forItem: "item1") } == .indexReplaced)
    #expect(try FeatureCache.open(at: folder.path).vector(forItem: "item1") != nil)
  }

  /// A removal of the first generation that ends after any of its steps is completed later.
  @Test func aCutOffDropIsCompleted() throws {
    for moved in 0...3 {
      let folder = try twoGenerations()
      let grave = "generation-000001.tmp"
      mkdir(folder.file(grave), 0o755)
      try folder.write([], to: grave + "/dropped")
      for name in ["cache.json", "shard-000001.npy", "index"].prefix(moved) {
        rename(folder.file(name), folder.file("\(grave)/\(name)"))
      }
      let numbers = try FeatureCache.generations(at: folder.path).map(\.number)
      #expect(numbers == (moved == 0 ? [1, 2] : [2]))
      _ = try FeatureCache.openOrCreate(at: folder.path, descriptor: descriptor(encoder: "e3"))
      let after = try FeatureCache.generations(at: folder.path).map(\.number)
      #expect(after == (moved == 0 ? [1, 2, 3] : [2, 3]))
      #expect(try folder.files().contains("shard-000001.npy") == (moved == 0))
      #expect(try !folder.files().contains { $0.hasPrefix(grave) })
    }
  }

  @Test func manyAtOnceMakeOneGeneration() async throws {
    let folder = try twoGenerations()
    let third = descriptor(encoder: "e3")
    let made = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          (try? FeatureCache.openOrCreate(at: folder.path, descriptor: third)) != nil
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(made >= 1)
    #expect(try FeatureCache.generations(at: folder.path).map(\.number) == [1, 2, 3])
  }
}

private func descriptor(
  _ width: Int, _ type: FeatureCacheDescriptor.ElementType
) -> FeatureCacheDescriptor {
  descriptor(width: width, type)
}
