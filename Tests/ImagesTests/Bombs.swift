/// Small files that ask for much.
enum Bombs {
  /// zlib's form of `count` zeros, an eightieth of a percent of their size: a literal, then copies of
  /// the 258 bytes before, in the fixed codes of RFC 1951.
  static func zeros(_ count: Int) -> [UInt8] {
    var bits = BitWriter()
    bits.append(0b011, 3)  // The last block; fixed codes.
    bits.append(0b0000_1100, 8)  // Literal 0, its code 00110000 from the first bit on.
    let copies = (count - 1) / 258
    for _ in 0..<copies { bits.append(0b0_0000_1010_0011, 13) }  // 285, 258 bytes; distance 1.
    for _ in 0..<(count - 1) % 258 { bits.append(0b0000_1100, 8) }
    bits.append(0, 7)
    let sum = UInt32(count % 65_521) << 16 | 1
    return [0x78, 0x9C] + bits.bytes + (0..<4).map { UInt8(sum >> (24 - 8 * $0) & 255) }
  }

  /// A PNG with a chunk in front of its pixels.
  static func png(_ image: [UInt8], with chunk: [UInt8]) -> [UInt8] {
    Array(image[..<33]) + chunk + Array(image[33...])
  }

  /// A PNG with a million chunks of no data.
  static func chunks(_ image: [UInt8], _ count: Int) -> [UInt8] {
    let chunk = PNGSums.chunk("prVt", [])
    var bytes: [UInt8] = []
    bytes.reserveCapacity(image.count + count * chunk.count)
    bytes += image[..<33]
    for _ in 0..<count { bytes += chunk }
    return bytes + image[33...]
  }

  /// A grey progressive JPEG of legal scans, each of which visits every block of the image and takes
  /// a few bytes: runs of blocks without a coefficient.
  static func scans(_ count: Int, side: Int) -> [UInt8] {
    let blocks = (side + 7) / 8 * ((side + 7) / 8)
    let (high, low) = (UInt8(side >> 8), UInt8(side & 255))
    var bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0] + Array(repeating: 1, count: 64)
    bytes += [0xFF, 0xC2, 0, 11, 8, high, low, high, low, 1, 1, 0x11, 0]
    // One code of one bit in each table: no difference; a run of 2^14 blocks and up.
    for (table, symbol) in [(UInt8(0), UInt8(0)), (0x10, 0xE0)] {
      bytes += [0xFF, 0xC4, 0, 20, table, 1] + Array(repeating: 0, count: 15) + [symbol]
    }
    bytes += [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0] + Array(repeating: 0, count: (blocks + 7) / 8)
    // A run: the code, then fourteen bits that are added to 2^14.
    let runs = (blocks + (1 << 14) - 1) >> 14
    let data = Array(repeating: UInt8(0), count: (runs * 15 + 7) / 8)
    for _ in 0..<count { bytes += [0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 63, 0] + data }
    return bytes + [0xFF, 0xD9]
  }
}

/// Bits from the lowest of a byte on, as deflate has them.
struct BitWriter {
  private(set) var bytes: [UInt8] = []
  private var free = 0

  mutating func append(_ value: Int, _ count: Int) {
    for bit in 0..<count {
      if free == 0 {
        bytes.append(0)
        free = 8
      }
      bytes[bytes.count - 1] |= UInt8(value >> bit & 1) << UInt8(8 - free)
      free -= 1
    }
  }
}
