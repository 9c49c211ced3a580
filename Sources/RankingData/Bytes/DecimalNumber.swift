/// Decimal numbers in ASCII.
enum DecimalNumber {
  /// Powers of ten that a `Double` holds exactly.
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The number that `bytes[range]` spells in full, correctly rounded, or `nil`. Overflow gives
  /// infinity; words like `nan` give `nil`.
  static func parse(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
    var position = range.lowerBound
    let negative = position < range.upperBound && bytes[position] == UInt8(ascii: "-")
    if negative || (position < range.upperBound && bytes[position] == UInt8(ascii: "+")) {
      position += 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var fraction = 0
    var inFraction = false
    while position < range.upperBound {
      let byte = bytes[position]
      if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        mantissa = mantissa &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
        digits += 1
        if inFraction { fraction += 1 }
        // Beyond 18 digits the product above may have wrapped; the general parser takes over.
        if digits > 18 { return general(bytes, range) }
      } else if byte == UInt8(ascii: "."), !inFraction {
        inFraction = true
      } else {
        return general(bytes, range)
      }
      position += 1
    }
    if digits == 0 { return nil }
    // A quotient of two exact doubles is rounded once, so it is the correctly rounded value.
    guard mantissa <= 1 << 53, fraction <= 22 else { return general(bytes, range) }
    let magnitude = Double(mantissa) / powers[fraction]
    return negative ? -magnitude : magnitude
  }

  private static func general(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
    // `Double(_:)` also reads "nan", "inf" and hexadecimal, which are no decimal numbers.
    for byte in bytes[range] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
        UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        continue
      default: return nil
      }
    }
    let text = String(decoding: bytes[range], as: UTF8.self)
    if let value = Double(text) { return value }
    return nil
  }
}
