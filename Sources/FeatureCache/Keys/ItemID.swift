import Crypto

/// An item id as bytes. Two spellings of one accented letter are two ids, although Swift's strings
/// call them equal.
struct ItemID: Hashable, Comparable, Sendable {
  let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  static func < (left: ItemID, right: ItemID) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  /// LMDB keys end at 511 bytes. A longer id is found by its digest and kept whole in the value.
  static let longestLiteral = 480

  var isLiteral: Bool { bytes.count <= ItemID.longestLiteral }

  /// The key of the item table: a tag keeps literal ids and digests apart.
  var indexKey: [UInt8] {
    isLiteral ? [0] + bytes : [1] + Array(SHA256.hash(data: bytes))
  }

  /// Refuses ids that a list with one id a line (`ids.txt`) cannot hold.
  func check(_ path: String) throws(FeatureCacheError) {
    let reason: String
    if bytes.isEmpty {
      reason = "the item id is empty"
    } else if bytes.contains(where: { $0 == 10 || $0 == 13 }) {
      reason = "the item id \(text.debugDescription) contains a line break"
    } else if bytes.count > 1 << 20 {
      reason = "an item id of \(bytes.count) bytes; at most \(1 << 20) are possible"
    } else {
      return
    }
    throw FeatureCacheError(
      code: .invalidItem, path: path, message: reason, advice: "Give the item a one-line id")
  }
}
