import FeatureCache
import Foundation
import Testing

@Suite struct KeyTests {
  private let image = [UInt8](repeating: 7, count: 32)

  @Test func everyPartChangesTheKey() {
    let base = descriptor(categoryInKey: true)
    func changed(_ encoder: String, _ preprocessing: String, _ precision: String) -> FeatureKey {
      let descriptor = FeatureCacheDescriptor(
        width: 8, elementType: .float16, encoder: encoder, preprocessing: preprocessing,
        precision: precision, categoryInKey: true)
      return FeatureKey(image: image, category: "a", descriptor: descriptor)
    }
    let keys: Set<FeatureKey> = [
      FeatureKey(image: image, category: "a", descriptor: base),
      FeatureKey(image: image, category: "b", descriptor: base),
      FeatureKey(image: image, category: "", descriptor: base),
      FeatureKey(image: image, category: nil, descriptor: base),
      FeatureKey(image: image.map { $0 + 1 }, category: "a", descriptor: base),
      changed("e2", "p1", "fp32"), changed("e1", "p2", "fp32"), changed("e1", "p1", "int8"),
      // The same characters, divided otherwise.
      changed("e1p", "1", "fp32"), changed("e", "1p1", "fp32"),
    ]
    #expect(keys.count == 10)
  }

  @Test func categoryCountsOnlyWhereTheEncoderUsesIt() {
    let plain = descriptor()
    #expect(
      FeatureKey(image: image, category: "a", descriptor: plain)
        == FeatureKey(image: image, category: "b", descriptor: plain))
  }

  @Test func bytesRoundTripAndOrder() throws {
    let keys = (0..<200).map { key($0) }
    for key in keys { #expect(FeatureKey(bytes: key.bytes) == key) }
    let byBytes = keys.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    #expect(keys.sorted() == byBytes)
    #expect(keys[0].description.count == 64 && keys[0].bytes.count == 32)
    #expect(FeatureKey(bytes: [1, 2, 3]) == nil)
  }

  @Test func unusualIDsAreKept() throws {
    let folder = TemporaryFolder()
    let long = String(repeating: "x", count: 600)
    // The last two are equal as Swift strings and different as bytes.
    let ids = ["日本語/ポスター", "🎬", "a b\tc", "0", long, long + "y", "caf\u{E9}", "cafe\u{301}"]
    let cache = try FeatureCache.create(at: folder.path, descriptor: descriptor())
    let rows = ids.enumerated().map {
      FeatureRow(key: key($0.offset), items: [$0.element], vector: vector($0.offset))
    }
    #expect(try cache.append(rows).isEmpty)
    try cache.commit()
    for (number, id) in ids.enumerated() {
      #expect(try cache.vector(forItem: id) == vector(number), "\(id)")
    }
    let found = try cache.loadTable().ids.map { Array($0.utf8) }
    #expect(found == ids.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
  }

  @Test(arguments: ["", "two\nlines", "carriage\rreturn"])
  func impossibleIDsAreRejected(_ id: String) throws {
    let folder = TemporaryFolder()
    let cache = try fill(folder, [0..<1])
    let row = FeatureRow(key: key(5), items: [id], vector: vector(5))
    #expect(try cache.append([row]).map(\.reason.code) == [.invalidItem])
    #expect(failure { try cache.link(id, to: key(0)) } == .invalidItem)
    #expect(cache.pending.rows == 0)
  }
}
