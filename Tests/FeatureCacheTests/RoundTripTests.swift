import FeatureCache
import Foundation
import Testing

@Suite struct RoundTripTests {
  @Test(arguments: [FeatureCacheDescriptor.ElementType.float16, .float32])
  func vectorsComeBack(_ type: FeatureCacheDescriptor.ElementType) throws {
    let folder = TemporaryFolder()
    let descriptor = descriptor(width: 33, type)
    do {
      let cache = try fill(folder, [0..<40, 40..<100], descriptor)
      #expect(try cache.vector(forItem: "item7") == vector(7, width: 33))
    }
    let cache = try FeatureCache.open(at: folder.path, descriptor: descriptor)
    for number in 0..<100 {
      #expect(try cache.vector(forItem: "item\(number)") == vector(number, width: 33))
      #expect(
        try cache.vector(forKey: key(number, descriptor)) == vector(number, width: 33))
      #expect(try cache.contains(key(number, descriptor)))
    }
    #expect(try cache.vector(forItem: "item100") == nil)
    #expect(try cache.vector(forItem: "") == nil)
    #expect(try !cache.contains(key(100, descriptor)))
    let info = try cache.info
    #expect(info.items == 100 && info.keys == 100 && info.rows == 100 && info.shards == 2)
    #expect(info.descriptor == descriptor && info.orphans.isEmpty)
  }

  @Test func fullPrecisionIsKeptBitForBit() throws {
    let folder = TemporaryFolder()
    let descriptor = descriptor(width: 4, .float32)
    let cache = try FeatureCache.create(at: folder.path, descriptor: descriptor)
    let odd: [Float] = [-0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1.0000001]
    #expect(
      try cache.append([FeatureRow(key: key(1), items: ["a"], vector: odd)]).isEmpty)
    try cache.commit()
    #expect(try cache.vector(forItem: "a")?.map(\.bitPattern) == odd.map(\.bitPattern))
  }

  @Test func halfPrecisionRoundsAsFloat16Does() throws {
    let folder = TemporaryFolder()
    let width = 4096
    let descriptor = descriptor(width: width)
    let cache = try FeatureCache.create(at: folder.path, descriptor: descriptor)
    var dice = Dice(5)
    // Every exponent that a half can hold or rounds to zero, with random mantissas, and ties.
    var numbers = (0..<width - 8).map { _ in
      let exponent = 90 + dice.below(52)
      let bits = UInt32(dice.below(2)) << 31 | UInt32(exponent) << 23 | UInt32(dice.below(1 << 23))
      return Float(bitPattern: dice.below(4) == 0 ? bits & ~0xFFF | 0x1000 : bits)
    }
    numbers = numbers.map { abs($0) > 65504 ? 1 : $0 }
    numbers += [0, -0.0, 65504, -65504, 0x1p-24, 0x1p-25, 0x1.8p-24, 0x1p-14]
    #expect(try cache.append([FeatureRow(key: key(1), items: ["a"], vector: numbers)]).isEmpty)
    try cache.commit()
    let found = try #require(try cache.vector(forItem: "a"))
    for (index, number) in numbers.enumerated() {
      #expect(found[index].bitPattern == Float(Float16(number)).bitPattern, "\(number)")
    }
  }

  @Test func everyHalfComesBack() throws {
    let folder = TemporaryFolder()
    let halves = (0...UInt16.max).map { Float16(bitPattern: $0) }.filter(\.isFinite)
    let descriptor = descriptor(width: halves.count)
    let cache = try FeatureCache.create(at: folder.path, descriptor: descriptor)
    let row = FeatureRow(key: key(1), items: ["a"], vector: halves.map { Float($0) })
    #expect(try cache.append([row]).isEmpty)
    try cache.commit()
    let found = try #require(try cache.vector(forItem: "a"))
    #expect(found.map(\.bitPattern) == halves.map { Float($0).bitPattern })
  }

  @Test func shardsAreNumpyFiles() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<3], descriptor(width: 2, .float32))
    let bytes = try folder.bytes("shard-000001.npy")
    let fields = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"
    let padding = String(repeating: " ", count: 128 - 10 - fields.count - 1)
    let header = [0x93] + Array("NUMPY\u{1}\u{0}\u{76}\u{0}\(fields)\(padding)\n".utf8)
    #expect(Array(bytes.prefix(128)) == header)
    #expect(bytes.count == 128 + 3 * 2 * 4)
    let numbers = (0..<3).flatMap { vector($0, width: 2) }
    #expect(Array(bytes.dropFirst(128)) == numbers.withUnsafeBytes { Array($0) })
  }

  @Test func halfShardsAreNumpyFiles() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<1000], descriptor(width: 5))
    let bytes = try folder.bytes("shard-000001.npy")
    let text = String(decoding: bytes[10..<128], as: UTF8.self)
    #expect(text.hasPrefix("{'descr': '<f2', 'fortran_order': False, 'shape': (1000, 5), } "))
    #expect(bytes[127] == 10 && bytes.count == 128 + 1000 * 5 * 2)
  }

  @Test func tableHasAllItemsInByteOrder() throws {
    let folder = TemporaryFolder()
    let cache = try fill(folder, [0..<50, 50..<73])
    try cache.link("duplicate", to: key(60))
    try cache.commit()
    let table = try cache.loadTable()
    let expected = ((0..<73).map { "item\($0)" } + ["duplicate"]).sorted()
    #expect(table.ids == expected && table.width == 8)
    for (index, id) in table.ids.enumerated() {
      let number = id == "duplicate" ? 60 : try #require(Int(id.dropFirst(4)))
      #expect(Array(table.vectors[index * 8..<index * 8 + 8]) == vector(number))
    }
  }

  @Test func emptyCacheIsLegal() throws {
    let folder = TemporaryFolder()
    let cache = try FeatureCache.create(at: folder.path, descriptor: descriptor())
    #expect(try cache.commit() == CommitSummary(rows: 0, links: 0))
    let table = try cache.loadTable()
    #expect(table.ids.isEmpty && table.vectors.isEmpty)
    #expect(try cache.verify().isSound)
    #expect(try cache.export(toDirectory: folder.file("out")) == 0)
  }
}
