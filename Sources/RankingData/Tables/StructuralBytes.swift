/// The positions of delimiters, newlines and quotes, found eight bytes at a time: of a file of
/// numbers and ids most bytes are none of them.
///
/// A byte of `word ^ pattern` is zero where the word has the wanted byte. Adding 0x7F to its low
/// seven bits carries into the eighth unless they are zero, which marks such bytes exactly.
@safe struct StructuralBytes {
  private let bytes: UnsafeRawPointer
  /// Number of bytes; at least eight more may be read.
  private let count: Int
  private let delimiter: UInt64
  private var base = 0
  private var next = 0
  private var marks: UInt64 = 0
  /// All bytes seen, or-ed: below 0x80 where all are ASCII.
  private(set) var seen: UInt64 = 0

  @inline(__always) init(_ bytes: UnsafeRawPointer, count: Int, delimiter: UInt8) {
    unsafe self.bytes = unsafe bytes
    self.count = count
    self.delimiter = Self.everywhere(delimiter)
  }

  /// Whether all bytes so far are ASCII.
  var isASCII: Bool { seen & Self.everywhere(0x80) == 0 }

  /// The next position, or `count`.
  @inline(__always) mutating func advance() -> Int {
    while marks == 0 {
      guard next < count else { return count }
      base = next
      let word = unsafe UInt64(
        littleEndian: bytes.loadUnaligned(fromByteOffset: base, as: UInt64.self))
      seen |= word
      marks =
        Self.zeros(word ^ delimiter) | Self.zeros(word ^ Self.everywhere(0x0A))
        | Self.zeros(word ^ Self.everywhere(UInt8(ascii: "\"")))
      next = base &+ 8
    }
    let position = base &+ marks.trailingZeroBitCount &>> 3
    marks &= marks &- 1
    return position
  }

  @inline(__always) private static func zeros(_ word: UInt64) -> UInt64 {
    let low = everywhere(0x7F)
    return ~(((word & low) &+ low) | word | low)
  }

  @inline(__always) private static func everywhere(_ byte: UInt8) -> UInt64 {
    UInt64(byte) &* 0x0101_0101_0101_0101
  }
}
