/// Decimal numbers of few digits, as the shortest spelling of a float has.
enum ShortDecimal {
  /// Powers of ten that a `Double` holds exactly.
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The float nearest to what the bytes spell, or nil where that takes the general parser.
  static func float(_ bytes: [UInt8], _ range: Range<Int>) -> Float? {
    var position = range.lowerBound
    func digit() -> Int? {
      guard position < range.upperBound else { return nil }
      let value = Int(bytes[position]) - 0x30
      return (0...9).contains(value) ? value : nil
    }
    func sign() -> Bool {
      guard position < range.upperBound, bytes[position] == UInt8(ascii: "-") else { return false }
      position += 1
      return true
    }
    let negative = sign()
    var (mantissa, digits, exponent) = (0, 0, 0)
    while let value = digit() {
      (mantissa, digits, position) = (mantissa * 10 + value, digits + 1, position + 1)
      guard digits <= 15 else { return nil }
    }
    if position < range.upperBound, bytes[position] == UInt8(ascii: ".") {
      position += 1
      while let value = digit() {
        (mantissa, digits, position) = (mantissa * 10 + value, digits + 1, position + 1)
        exponent -= 1
        guard digits <= 15 else { return nil }
      }
    }
    guard digits > 0 else { return nil }
    if position < range.upperBound, bytes[position] == UInt8(ascii: "E") {
      position += 1
      let below = sign()
      guard let first = digit() else { return nil }
      var value = first
      position += 1
      if let second = digit() { (value, position) = (value * 10 + second, position + 1) }
      exponent += below ? -value : value
    }
    guard position == range.upperBound, abs(exponent) <= 22 else { return nil }
    // The quotient or product of two exact doubles is rounded once.
    let magnitude =
      exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
    // Rounded again to a float it would be wrong only from half way between two floats.
    guard magnitude.bitPattern & 0x1FFF_FFFF != 0x1000_0000, magnitude > 1e-30 || mantissa == 0
    else { return nil }
    return Float(negative ? -magnitude : magnitude)
  }
}
