import Crypto
package import Foundation

/// SHA-256 in hexadecimal, as file formats and hashes of parameters spell it.
package enum HexDigest {
  /// Hashes bytes.
  package static func sha256(_ bytes: some DataProtocol) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
      as: UTF8.self)
  }
}
