/// Little-endian fields appended to a byte array.
extension [UInt8] {
  mutating func append(little value: some FixedWidthInteger) {
    for index in 0..<value.bitWidth / 8 {
      append(UInt8(truncatingIfNeeded: value &>> (8 * index)))
    }
  }

  /// A text with its length in front, so that no two lists of texts give the same bytes.
  mutating func append(sized text: String) {
    let bytes = Array(text.utf8)
    append(little: UInt32(truncatingIfNeeded: bytes.count))
    append(contentsOf: bytes)
  }
}

/// Reads fields off bytes from a file; nil where they end too early.
struct ByteReader {
  let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var remaining: Int { bytes.count - offset }

  mutating func next<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type) -> Value? {
    guard remaining >= MemoryLayout<Value>.size else { return nil }
    defer { offset += MemoryLayout<Value>.size }
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
  }

  mutating func next(count: Int) -> UnsafeRawBufferPointer? {
    guard count >= 0, remaining >= count else { return nil }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }
}
