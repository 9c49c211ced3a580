/// Tells most keys apart from a few wanted ones by their first two bytes, which are those of a hash:
/// a walk over a million records need not look each key up.
struct KeyFilter {
  private var bits = [UInt64](repeating: 0, count: 1 << 10)
  private let keys: Set<FeatureKey>

  init(_ keys: Set<FeatureKey>) {
    self.keys = keys
    for key in keys {
      let bytes = key.bytes
      let place = Int(bytes[0]) | Int(bytes[1]) << 8
      bits[place / 64] |= 1 << UInt64(place % 64)
    }
  }

  /// The key at the beginning of a record, if it is wanted.
  func key(in record: UnsafeRawBufferPointer) -> FeatureKey? {
    guard record.count >= FeatureKey.byteCount else { return nil }
    let place = Int(record.loadUnaligned(as: UInt16.self).littleEndian)
    guard bits[place / 64] & 1 << UInt64(place % 64) != 0,
      let key = FeatureKey(
        bytes: UnsafeRawBufferPointer(rebasing: record[..<FeatureKey.byteCount])),
      keys.contains(key)
    else { return nil }
    return key
  }
}
