/// Decimal numbers in ASCII.
enum DecimalNumber {
  /// Powers of ten that a `Double` holds exactly.
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The number that `bytes[range]` spells in full, or `nil`.
  static func parse(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
    unsafe bytes.withUnsafeBufferPointer { all in
      unsafe parse(UnsafeBufferPointer(rebasing: all[range]))
    }
  }

  /// The number that all bytes together spell, correctly rounded, or `nil`. Overflow gives infinity;
  /// words like `nan` give `nil`.
  static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    let count = bytes.count
    var position = 0
    let first = count > 0 ? unsafe bytes[0] : 0
    let negative = first == UInt8(ascii: "-")
    if negative || first == UInt8(ascii: "+") { position = 1 }
    var mantissa: UInt64 = 0
    var digits = 0
    var fraction = 0
    var inFraction = false
    while position < count {
      let byte = unsafe bytes[position]
      let digit = byte &- UInt8(ascii: "0")
      if digit <= 9 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        digits &+= 1
        if inFraction { fraction &+= 1 }
        // Beyond 18 digits the product above may have wrapped; the general parser takes over.
        if digits > 18 { return unsafe general(bytes) }
      } else if byte == UInt8(ascii: "."), !inFraction {
        inFraction = true
      } else {
        return unsafe general(bytes)
      }
      position &+= 1
    }
    if digits == 0 { return nil }
    // A quotient of two exact doubles is rounded once, so it is the correctly rounded value.
    guard mantissa <= 1 << 53, fraction <= 22 else { return unsafe general(bytes) }
    var magnitude = Double(mantissa)
    if fraction > 0 { magnitude /= powers[fraction] }
    return negative ? -magnitude : magnitude
  }

  private static func general(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    // `Double(_:)` also reads "nan", "inf" and hexadecimal, which are no decimal numbers.
    for position in 0..<bytes.count {
      switch unsafe bytes[position] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
        UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        continue
      default: return nil
      }
    }
    return Double(unsafe String(decoding: bytes, as: UTF8.self))
  }
}
