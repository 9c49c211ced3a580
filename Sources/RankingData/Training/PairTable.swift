/// Numbers by pairs of numbers: a hash table with linear probing, half empty at least. Keys of more
/// parts are walked part by part, from the number of the beginning to that of the whole.
struct PairTable: Sendable {
  private var keys: [UInt64] = [UInt64](repeating: 0, count: 16)
  /// -1 is free.
  private var values: [Int32] = [Int32](repeating: -1, count: 16)
  private(set) var count = 0

  private static func key(_ first: Int32, _ second: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
  }

  private func slot(of key: UInt64) -> Int {
    let mask = keys.count - 1
    var slot = Int(truncatingIfNeeded: StableHash.mixed(key)) & mask
    while values[slot] >= 0, keys[slot] != key { slot = (slot + 1) & mask }
    return slot
  }

  /// The number of a pair, or -1. O(1).
  subscript(first: Int32, second: Int32) -> Int32 { values[slot(of: Self.key(first, second))] }

  /// The number of a pair; a new one gets the next. Amortized O(1).
  mutating func number(_ first: Int32, _ second: Int32) -> Int32 {
    let key = Self.key(first, second)
    let slot = slot(of: key)
    if values[slot] >= 0 { return values[slot] }
    let number = Int32(count)
    insert(key, number, at: slot)
    return number
  }

  private mutating func insert(_ key: UInt64, _ value: Int32, at slot: Int) {
    keys[slot] = key
    values[slot] = value
    count += 1
    if count * 2 > keys.count { grow() }
  }

  private mutating func grow() {
    let (oldKeys, oldValues) = (keys, values)
    keys = [UInt64](repeating: 0, count: oldKeys.count * 2)
    values = [Int32](repeating: -1, count: oldKeys.count * 2)
    for (key, value) in zip(oldKeys, oldValues) where value >= 0 {
      let slot = slot(of: key)
      keys[slot] = key
      values[slot] = value
    }
  }
}
