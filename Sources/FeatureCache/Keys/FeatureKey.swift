import Crypto

/// Names one feature vector by everything that determines it: the image's bytes, the category
/// (where the encoder looks at it), the encoder, the preprocessing and the precision.
package struct FeatureKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// SHA-256 of the parts, as four big-endian words, so that keys order as their bytes do.
  private let words: SIMD4<UInt64>

  static let byteCount = 32

  /// - Parameters:
  ///   - image: the SHA-256 digest of the image's bytes, 32 bytes.
  ///   - category: ignored unless the descriptor says that the category is part of the key.
  package init(image: [UInt8], category: String?, descriptor: FeatureCacheDescriptor) {
    precondition(image.count == 32, "an image digest has 32 bytes, not \(image.count)")
    var parts = Array("vitrine feature key 1\0".utf8)
    parts += image
    if descriptor.categoryInKey, let category {
      parts.append(1)
      parts.append(sized: category)
    } else {
      parts.append(0)
    }
    parts.append(sized: descriptor.encoder)
    parts.append(sized: descriptor.preprocessing)
    parts.append(sized: descriptor.precision)
    self.init(digest: Array(SHA256.hash(data: parts)))
  }

  /// The key with these 32 bytes; nil for any other number of bytes.
  package init?(bytes: [UInt8]) {
    guard bytes.count == FeatureKey.byteCount else { return nil }
    self.init(digest: bytes)
  }

  init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == FeatureKey.byteCount else { return nil }
    var words = SIMD4<UInt64>()
    for index in 0..<4 {
      words[index] = UInt64(
        bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
    }
    self.words = words
  }

  private init(digest: [UInt8]) {
    var words = SIMD4<UInt64>()
    for (index, byte) in digest.enumerated() {
      words[index / 8] = words[index / 8] << 8 | UInt64(byte)
    }
    self.words = words
  }

  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(FeatureKey.byteCount)
    for index in 0..<4 { bytes.append(little: words[index].byteSwapped) }
    return bytes
  }

  package static func < (left: FeatureKey, right: FeatureKey) -> Bool {
    for index in 0..<4 where left.words[index] != right.words[index] {
      return left.words[index] < right.words[index]
    }
    return false
  }

  /// 64 hexadecimal digits.
  package var description: String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
