/// The 64-bit hash XXH64 (seed 0) of bytes that come in pieces: it finds damage, not malice. Tools
/// that know the algorithm give the same number.
package struct ContentHash: Sendable {
  private static let primes: [UInt64] = [
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
    0x27D4_EB2F_1656_67C5,
  ]
  private static let (p1, p2, p3, p4, p5) = (
    primes[0], primes[1], primes[2], primes[3], primes[4]
  )

  private var lanes = SIMD4<UInt64>(p1 &+ p2, p2, 0, 0 &- p1)
  private var rest: [UInt8] = []
  private var count: UInt64 = 0

  /// The hash of nothing yet.
  package init() {}

  /// The hash of bytes.
  package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash = ContentHash()
    unsafe hash.update(bytes)
    return hash.value
  }

  /// Sixteen hexadecimal digits.
  package var text: String { Self.text(value) }

  /// A hash as sixteen hexadecimal digits.
  static func text(_ hash: UInt64) -> String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Takes more bytes. O(count).
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    count &+= UInt64(bytes.count)
    var offset = 0
    if !rest.isEmpty {
      while rest.count < 32, offset < bytes.count {
        unsafe rest.append(bytes[offset])
        offset += 1
      }
      guard rest.count == 32 else { return }
      lanes = unsafe rest.withUnsafeBytes { unsafe Self.stripes($0, lanes) }
      rest.removeAll(keepingCapacity: true)
    }
    let whole = (bytes.count - offset) & ~31
    unsafe lanes = Self.stripes(
      UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + whole]), lanes)
    unsafe rest.append(contentsOf: bytes[(offset + whole)...])
  }

  /// Whole stripes of 32 bytes, eight to a lane.
  private static func stripes(
    _ bytes: UnsafeRawBufferPointer, _ lanes: SIMD4<UInt64>
  ) -> SIMD4<UInt64> {
    var (a, b, c, d) = (lanes[0], lanes[1], lanes[2], lanes[3])
    var offset = 0
    while offset < bytes.count {
      a = unsafe round(a, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      b = unsafe round(b, bytes.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self))
      c = unsafe round(c, bytes.loadUnaligned(fromByteOffset: offset &+ 16, as: UInt64.self))
      d = unsafe round(d, bytes.loadUnaligned(fromByteOffset: offset &+ 24, as: UInt64.self))
      offset &+= 32
    }
    return SIMD4(a, b, c, d)
  }

  @inline(__always) private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    rotated(lane &+ UInt64(littleEndian: word) &* 0xC2B2_AE3D_27D4_EB4F, 31)
      &* 0x9E37_79B1_85EB_CA87
  }

  @inline(__always) private static func rotated(_ x: UInt64, _ bits: UInt64) -> UInt64 {
    x &<< bits | x &>> (64 &- bits)
  }

  /// The hash of all bytes so far.
  package var value: UInt64 {
    var hash = Self.p5
    if count >= 32 {
      hash =
        Self.rotated(lanes[0], 1) &+ Self.rotated(lanes[1], 7) &+ Self.rotated(lanes[2], 12)
        &+ Self.rotated(lanes[3], 18)
      for lane in 0..<4 {
        hash = (hash ^ Self.round(0, UInt64(littleEndian: lanes[lane]))) &* Self.p1 &+ Self.p4
      }
    }
    hash &+= count
    var bytes = rest[...]
    func take(_ width: Int) -> UInt64 {
      defer { bytes = bytes.dropFirst(width) }
      return bytes.prefix(width).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    while bytes.count >= 8 {
      hash = Self.rotated(hash ^ Self.round(0, take(8).littleEndian), 27) &* Self.p1 &+ Self.p4
    }
    if bytes.count >= 4 {
      hash = Self.rotated(hash ^ take(4) &* Self.p1, 23) &* Self.p2 &+ Self.p3
    }
    while !bytes.isEmpty { hash = Self.rotated(hash ^ take(1) &* Self.p5, 11) &* Self.p1 }
    hash = (hash ^ hash >> 33) &* Self.p2
    hash = (hash ^ hash >> 29) &* Self.p3
    return hash ^ hash >> 32
  }
}
