/// Hashes that stay the same on every machine and in every run, because models depend on them.
package enum StableHash {
  /// FNV-1a over the UTF-8 bytes, whose bits are then mixed: on its own, FNV leaves those of short
  /// texts uneven.
  package static func hash(_ text: String) -> UInt64 { mixed(fnv1a(text.utf8)) }

  /// One hash of several in order.
  package static func combined(_ first: UInt64, _ second: UInt64) -> UInt64 {
    mixed(first &* 0x9e37_79b9_7f4a_7c15 &+ second)
  }

  /// A number below `count`, each equally likely.
  package static func place(_ hash: UInt64, in count: Int) -> Int {
    Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(count)).high)
  }

  /// Fowler, Noll and Vo's hash, 64 bits wide.
  package static func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
  }

  /// The finalizer of MurmurHash3: every bit of the result depends on every bit of `hash`.
  package static func mixed(_ hash: UInt64) -> UInt64 {
    var hash = hash
    hash ^= hash >> 33
    hash = hash &* 0xff51_afd7_ed55_8ccd
    hash ^= hash >> 33
    hash = hash &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ (hash >> 33)
  }
}
