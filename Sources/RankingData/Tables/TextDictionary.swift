/// Distinct byte strings and their codes, in order of first appearance. Cells are looked up by
/// their bytes, so a repeated value costs no `String`.
struct TextDictionary: Sendable {
  private var pool: [UInt8] = []
  private var ends: [Int] = []
  /// Codes by hash, linear probing; -1 is free. The count is a power of two.
  private var slots: [Int32] = [Int32](repeating: -1, count: 64)

  var count: Int { ends.count }

  private func range(_ code: Int32) -> Range<Int> {
    let code = Int(code)
    return (code == 0 ? 0 : ends[code - 1])..<ends[code]
  }

  /// All values by code.
  var values: TextValues { TextValues(bytes: Column(pool), offsets: Column([0] + ends)) }

  private static func hash(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes[range] { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    // The low bits of this hash alone are weak; fold the high ones in.
    hash ^= hash >> 32
    hash = hash &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: hash >> 17)
  }

  private func matches(_ code: Int32, _ bytes: [UInt8], _ other: Range<Int>) -> Bool {
    let own = range(code)
    guard own.count == other.count else { return false }
    for offset in 0..<own.count
    where pool[own.lowerBound + offset] != bytes[other.lowerBound + offset] { return false }
    return true
  }

  /// The code of `bytes[range]`, new or known; `last` is a likely guess. Amortized O(length).
  mutating func code(of bytes: [UInt8], _ range: Range<Int>, last: Int32?) -> Int32 {
    if let last, matches(last, bytes, range) { return last }
    let mask = slots.count - 1
    var slot = Self.hash(bytes, range) & mask
    while slots[slot] >= 0 {
      if matches(slots[slot], bytes, range) { return slots[slot] }
      slot = (slot + 1) & mask
    }
    let code = Int32(ends.count)
    pool.append(contentsOf: bytes[range])
    ends.append(pool.count)
    slots[slot] = code
    if ends.count * 2 > slots.count { grow() }
    return code
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    let mask = slots.count - 1
    for code in 0..<Int32(ends.count) {
      var slot = Self.hash(pool, range(code)) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = code
    }
  }
}
