/// XXH64 (Collet, xxHash specification 0.1.1): every change within one eight-byte word changes the
/// sum, any other change escapes with probability 2⁻⁶⁴, at several gigabytes a second.
enum Checksum {
  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

  static func of(_ bytes: [UInt8]) -> UInt64 {
    bytes.withUnsafeBytes { of($0) }
  }

  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let count = bytes.count
    guard let base = bytes.baseAddress, count > 0 else { return avalanche(prime5) }
    var offset = 0
    var sum: UInt64
    if count >= 32 {
      var lanes = SIMD4<UInt64>(prime1 &+ prime2, prime2, 0, 0 &- prime1)
      while offset + 32 <= count {
        lanes[0] = round(lanes[0], word(base, offset))
        lanes[1] = round(lanes[1], word(base, offset + 8))
        lanes[2] = round(lanes[2], word(base, offset + 16))
        lanes[3] = round(lanes[3], word(base, offset + 24))
        offset += 32
      }
      sum = rotate(lanes[0], 1) &+ rotate(lanes[1], 7)
      sum = sum &+ rotate(lanes[2], 12) &+ rotate(lanes[3], 18)
      for lane in 0..<4 { sum = (sum ^ round(0, lanes[lane])) &* prime1 &+ prime4 }
    } else {
      sum = prime5
    }
    sum = sum &+ UInt64(count)
    while offset + 8 <= count {
      sum = rotate(sum ^ round(0, word(base, offset)), 27) &* prime1 &+ prime4
      offset += 8
    }
    if offset + 4 <= count {
      let half = UInt64(base.loadUnaligned(fromByteOffset: offset, as: UInt32.self).littleEndian)
      sum = rotate(sum ^ (half &* prime1), 23) &* prime2 &+ prime3
      offset += 4
    }
    while offset < count {
      let byte = UInt64(base.load(fromByteOffset: offset, as: UInt8.self))
      sum = rotate(sum ^ (byte &* prime5), 11) &* prime1
      offset += 1
    }
    return avalanche(sum)
  }

  @inline(__always)
  private static func word(_ base: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    base.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
  }

  @inline(__always)
  private static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
    value &<< bits | value &>> (64 &- bits)
  }

  @inline(__always)
  private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
    rotate(lane &+ input &* prime2, 31) &* prime1
  }

  private static func avalanche(_ sum: UInt64) -> UInt64 {
    var sum = (sum ^ sum &>> 33) &* prime2
    sum = (sum ^ sum &>> 29) &* prime3
    return sum ^ sum &>> 32
  }
}
