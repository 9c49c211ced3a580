import FeatureCache
import Foundation
import Testing

/// Files are damaged in every way we can think of: whatever happens, no wrong vector is served and
/// the process lives.
@Suite struct DamageTests {
  /// What reading a damaged cache led to.
  private enum Outcome {
    case refused, partlyRefused, harmless
  }

  private static let rows = 400
  private static let descriptor = FeatureCacheTests.descriptor(width: 16)

  /// A cache with several shards, links, a long id, replaced links and pages on the free list.
  private func sample() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    let cache = try fill(folder, [0..<250, 250..<390, 390..<Self.rows], Self.descriptor)
    try cache.link(String(repeating: "long", count: 200), to: key(3, Self.descriptor))
    for round in 0..<4 {
      try cache.link("item\(round)", to: key(round + 100, Self.descriptor))
      try cache.link("item\(round)", to: key(round, Self.descriptor))
      try cache.commit()
    }
    return folder
  }

  /// Reads everything in every way; records an issue for a wrong vector.
  private func read(_ folder: TemporaryFolder, mode: FeatureCache.Mode, _ what: String) -> Outcome {
    do {
      let cache = try FeatureCache.open(at: folder.path, descriptor: Self.descriptor, mode: mode)
      var refused = 0
      for number in 0..<Self.rows {
        let expected = vector(number, width: 16)
        for body in [
          { try cache.vector(forItem: "item\(number)") },
          { try cache.vector(forKey: key(number, Self.descriptor)) },
        ] {
          do {
            let found = try body()
            #expect(found == expected, "\(what), item \(number)")
          } catch {
            #expect(error is FeatureCacheError)
            refused += 1
          }
        }
      }
      do {
        let table = try cache.loadTable()
        #expect(table.ids.count == Self.rows + 1, "\(what)")
        for (index, id) in table.ids.enumerated() {
          let number = Int(id.dropFirst(4)) ?? 3
          #expect(
            Array(table.vectors[index * 16..<index * 16 + 16]) == vector(number, width: 16),
            "\(what), table row \(id)")
        }
        #expect(refused == 0, "\(what)")
      } catch {
        #expect(refused > 0, "\(what): \(error)")
      }
      readInBulk(cache, refused: refused > 0, what)
      // Damage that look-ups do not meet, as in a sidecar, is still found.
      let report = try cache.verify()
      #expect(refused == 0 || !report.isSound, "\(what)")
      if mode == .write {
        #expect(try cache.append([row(9999, Self.descriptor)]).isEmpty)
        try cache.commit()
        #expect(
          try cache.vector(forItem: "item9999") == vector(9999, width: 16), "\(what)")
      }
      return refused > 0 || !report.isSound ? .partlyRefused : .harmless
    } catch {
      return .refused
    }
  }

  /// Exports and searches read in other ways: right, or not at all.
  private func readInBulk(_ cache: FeatureCache, refused: Bool, _ what: String) {
    let output = TemporaryFolder()
    let isRefused = failure { try cache.export(toDirectory: output.path) } != nil
    #expect(isRefused == refused, "\(what)")
    if !isRefused, let bytes = try? output.bytes("features.npy"),
      let ids = try? String(decoding: output.bytes("ids.txt"), as: UTF8.self)
    {
      let numbers = ids.split(separator: "\n").flatMap { id in
        vector(Int(id.dropFirst(4)) ?? 3, width: 16)
      }
      #expect(bytes.dropFirst(128).elementsEqual(numbers.withUnsafeBytes { Array($0) }), "\(what)")
    }
    do {
      let found = try cache.similar(to: [vector(17, width: 16)], top: 3, threads: 2)[0]
      #expect(found.first?.item == "item17" && (found.first?.cosine ?? 0) > 0.99999, "\(what)")
    } catch {
      // A sidecar may be what is damaged, which look-ups do not read.
      #expect(error.code == .damagedRow || error.code == .damagedShard, "\(what): \(error)")
    }
  }

  @Test(arguments: [UInt64(1), 2])
  func flippedBitsNeverGiveAWrongVector(_ seed: UInt64) throws {
    let original = try sample()
    let folder = TemporaryFolder()
    var dice = Dice(seed)
    var detected = 0
    var total = 0
    for name in try original.files() where !name.hasSuffix("writer.lock") {
      let bytes = try original.bytes(name)
      for round in 0..<(name.hasSuffix("data.mdb") ? 150 : 12) {
        try original.copy(to: folder)
        var damaged = bytes
        // Some flips fall on the meta pages and the first bytes, which matter most.
        let span = round % 4 == 0 ? min(bytes.count, 160) : bytes.count
        var place = dice.below(span)
        if round % 8 == 0, bytes.count > 8192 { place += 4096 }
        let bit = dice.below(8)
        damaged[place] ^= 1 << bit
        try folder.write(damaged, to: name)
        let outcome = read(
          folder, mode: round % 2 == 0 ? .read : .write, "\(name) byte \(place) bit \(bit)")
        total += 1
        if case .harmless = outcome {} else { detected += 1 }
        // Every bit of a shard and its sidecar is covered by a checksum.
        if name.hasPrefix("shard-"), case .harmless = outcome {
          Issue.record("\(name) byte \(place) bit \(bit) was not noticed")
        }
      }
    }
    #expect(total > 250 && detected > 100)
  }

  @Test func overwrittenBlocksNeverGiveAWrongVector() throws {
    let original = try sample()
    let folder = TemporaryFolder()
    var dice = Dice(11)
    for name in try original.files() where !name.hasSuffix("lock") {
      let bytes = try original.bytes(name)
      for _ in 0..<(name.hasSuffix("data.mdb") ? 60 : 6) {
        try original.copy(to: folder)
        var damaged = bytes
        let start = dice.below(bytes.count)
        let isZero = dice.below(2) == 0
        for place in start..<min(start + 64, bytes.count) {
          damaged[place] = isZero ? 0 : UInt8(dice.below(256))
        }
        try folder.write(damaged, to: name)
        _ = read(folder, mode: dice.below(2) == 0 ? .read : .write, "\(name) block \(start)")
      }
    }
  }

  @Test func truncatedFilesAreErrors() throws {
    let original = try sample()
    let folder = TemporaryFolder()
    var dice = Dice(12)
    for name in try original.files() where !name.hasSuffix("lock") && !name.hasSuffix("lock.mdb") {
      let bytes = try original.bytes(name)
      for round in 0..<12 {
        try original.copy(to: folder)
        let length = round == 0 ? 0 : round == 1 ? bytes.count - 1 : dice.below(bytes.count)
        try folder.write(Array(bytes.prefix(length)), to: name)
        let outcome = read(folder, mode: .read, "\(name) cut to \(length)")
        if case .harmless = outcome, !name.hasSuffix(".json"), !name.hasSuffix("data.mdb") {
          Issue.record("\(name) cut to \(length) was not noticed")
        }
      }
      try original.copy(to: folder)
      try FileManager.default.removeItem(atPath: folder.file(name))
      if case .harmless = read(folder, mode: .read, "\(name) removed") {
        Issue.record("\(name) removed was not noticed")
      }
    }
  }

  @Test func aShardCutShortWhileOpenIsAnError() throws {
    let folder = TemporaryFolder()
    let cache = try fill(folder, [0..<100], Self.descriptor)
    #expect(try cache.vector(forItem: "item99") == vector(99, width: 16))
    try FileHandle(forWritingTo: URL(fileURLWithPath: folder.file("shard-000001.npy")))
      .truncate(atOffset: 1000)
    #expect(failure { _ = try cache.vector(forItem: "item99") } == .damagedShard)
    #expect(failure { _ = try cache.loadTable() } == .damagedShard)
    #expect(try cache.vector(forItem: "item0") == vector(0, width: 16))
  }

  @Test func damageNamesKeyAndShard() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<10], Self.descriptor)
    var bytes = try folder.bytes("shard-000001.npy")
    bytes[128 + 3 * 32 + 5] ^= 4
    try folder.write(bytes, to: "shard-000001.npy")
    let cache = try FeatureCache.open(at: folder.path)
    do {
      _ = try cache.vector(forItem: "item3")
      Issue.record("served")
    } catch {
      #expect(error.code == .damagedRow)
      #expect(error.description.contains(key(3, Self.descriptor).description))
      #expect(error.description.contains("shard-000001.npy"))
    }
    #expect(try cache.vector(forItem: "item4") == vector(4, width: 16))
    let report = try cache.verify()
    #expect(report.problems.count == 1 && report.rowsChecked == 9)
  }
}
