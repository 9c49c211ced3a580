import FeatureCache
import Foundation
import Testing

@Suite struct SimilarityTests {
  private func cosine(_ a: [Float], _ b: [Float]) -> Double {
    func dot(_ x: [Float], _ y: [Float]) -> Double {
      zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let length = (dot(a, a) * dot(b, b)).squareRoot()
    return length > 0 ? dot(a, b) / length : 0
  }

  @Test(
    arguments: [1, 3, 8, 16, 33, 200], [FeatureCacheDescriptor.ElementType.float16, .float32])
  func theNearestAreExact(_ width: Int, _ type: FeatureCacheDescriptor.ElementType) throws {
    let folder = TemporaryFolder()
    let kind = descriptor(width: width, type)
    let cache = try fill(folder, [0..<150, 150..<151, 151..<300], kind)
    let queries = [vector(5, width: width), vector(222, width: width)]
    let found = try cache.similar(to: queries, top: 20, omitting: ["item7"], threads: 3)
    for (query, neighbours) in zip(queries, found) {
      let all = (0..<300).filter { $0 != 7 }
        .map { (item: "item\($0)", cosine: cosine(query, vector($0, width: width))) }
      let best = all.map(\.cosine).sorted(by: >)
      #expect(neighbours.count == 20)
      for (place, neighbour) in neighbours.enumerated() {
        #expect(abs(Double(neighbour.cosine) - best[place]) < 2e-6)
        let own = all.first { $0.item == neighbour.item }?.cosine ?? -2
        #expect(abs(own - best[place]) < 2e-6, "\(neighbour) at \(place)")
      }
      let alone = try cache.similar(to: [query], top: 20, omitting: ["item7"], threads: 1)
      #expect(alone == [neighbours])
    }
    #expect(try SimilarityTable(cache).similar(to: queries, top: 20, omitting: ["item7"]) == found)
  }

  @Test func itemsOfOneImageAreAllFound() throws {
    let folder = TemporaryFolder()
    let cache = try fill(folder, [0..<10])
    for copy in ["b", "a", "c"] { try cache.link(copy, to: key(4)) }
    try cache.link("item9", to: key(2))
    try cache.commit()
    let found = try cache.similar(to: [vector(4)], top: 3, omitting: ["item4"])[0]
    #expect(found.map(\.item) == ["a", "b", "c"])
    #expect(found.allSatisfy { $0.cosine > 0.99999 })
    let table = try SimilarityTable(cache)
    #expect(table.count == 9)
    #expect(try table.similar(to: [vector(4)], top: 3, omitting: ["item4"]) == [found])
    // A vector that no item shows any more is no answer; all others are.
    #expect(try cache.similar(to: [vector(9)], top: 100)[0].count == 13)
  }

  @Test func zerosAndExtremesHaveACosine() throws {
    let folder = TemporaryFolder()
    let kind = descriptor(width: 2, .float32)
    let cache = try FeatureCache.create(at: folder.path, descriptor: kind)
    let tiny = 70_000 * Float.leastNonzeroMagnitude
    let vectors: [[Float]] = [[0, 0], [3e38, 0], [tiny, tiny], [-1, 0], [0, 5]]
    for (number, vector) in vectors.enumerated() {
      let row = FeatureRow(key: key(number, kind), items: ["i\(number)"], vector: vector)
      #expect(try cache.append([row]).isEmpty)
    }
    try cache.commit()
    let found = try cache.similar(to: [[2e38, 0]], top: 5)[0]
    #expect(found.map(\.item) == ["i1", "i2", "i0", "i4", "i3"])
    #expect(abs(found[1].cosine - 0.70710678) < 1e-6)
    #expect(failure { _ = try cache.similar(to: [[0, 0]], top: 1) } == .invalidVector)
    #expect(failure { _ = try cache.similar(to: [[1]], top: 1) } == .invalidVector)
    #expect(failure { _ = try cache.similar(to: [[.nan, 1]], top: 1) } == .invalidVector)
  }

  /// An answer that leaves out what cannot be read would not be exact.
  @Test func damageIsAnError() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<50])
    let bytes = try folder.bytes("shard-000001.npy")
    for place in [128, 500, bytes.count - 1] {
      var damaged = bytes
      damaged[place] ^= 16
      try folder.write(damaged, to: "shard-000001.npy")
      let cache = try FeatureCache.open(at: folder.path)
      #expect(failure { _ = try cache.similar(to: [vector(1)], top: 1) } == .damagedRow)
      #expect(failure { _ = try SimilarityTable(cache) } == .damagedRow)
    }
    let cache = try FeatureCache.open(at: folder.path)
    try folder.write(Array(bytes.dropLast(3)), to: "shard-000001.npy")
    #expect(failure { _ = try cache.similar(to: [vector(1)], top: 1) } == .damagedShard)
  }
}
