extension JSONScanner {
  /// Reads a finite number.
  mutating func number(_ what: String) throws(RankingDataError) -> Double {
    guard let first = peek() else {
      throw failure(
        .syntax, "Expected \(what) as a number, found the end of the line.",
        "Each line must be one whole JSON object.")
    }
    let begin = position
    if takeWord("NaN") || takeWord("Infinity") || takeWord("-Infinity") {
      throw failure(
        .nonFinite, at: begin, "\(what) is not a finite number.",
        "Leave the key out where the value is unknown.")
    }
    guard first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    else {
      throw failure(
        .badValue, "Expected \(what) as a number.", "Write it without quotes, as in 1.5.")
    }
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        position += 1
        continue
      default: break
      }
      break
    }
    guard let value = DecimalNumber.parse(bytes, begin..<position) else {
      throw failure(.syntax, at: begin, "\(what) is not a JSON number.", "Write it as in -1.5e3.")
    }
    guard value.isFinite else {
      throw failure(
        .nonFinite, at: begin, "\(what) is beyond the range of a double.",
        "Leave the key out where the value is unknown.")
    }
    return value
  }

  /// Reads a whole number.
  mutating func integer(_ what: String) throws(RankingDataError) -> Int64 {
    _ = peek()
    let begin = position
    let value = try number(what)
    // Large integers do not pass through a double unharmed, so the digits are read again.
    if let whole = Int64(String(decoding: bytes[begin..<position], as: UTF8.self)) { return whole }
    guard let whole = Int64(exactly: value) else {
      throw failure(
        .badValue, at: begin, "\(what) is not a whole number.", "Write it without a fraction.")
    }
    return whole
  }

  /// Reads `true` or `false`.
  mutating func flag(_ what: String) throws(RankingDataError) -> Bool {
    _ = peek()
    if takeWord("true") { return true }
    if takeWord("false") { return false }
    throw failure(.badValue, "Expected \(what) as true or false.", "Write it without quotes.")
  }

  /// Reads a string.
  mutating func string(_ what: String) throws(RankingDataError) -> String {
    guard peek() == UInt8(ascii: "\"") else {
      throw failure(.badValue, "Expected \(what) as a string.", "Write it in double quotes.")
    }
    let begin = position
    position += 1
    let first = position
    var plain = true
    while position < end {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        plain = false
        position += 1
      } else if byte < 0x20 {
        throw failure(
          .syntax, "A control character stands in \(what).", "Escape it, as in \\n or \\u0007.")
      }
      position += 1
    }
    guard position < end else {
      position = end
      throw failure(.syntax, at: begin, "The string of \(what) does not end.", "Close the quotes.")
    }
    let range = first..<position
    position += 1
    let text: String?
    if plain {
      text = String(validating: bytes[range], as: UTF8.self)
    } else {
      text = String(validating: try unescape(range), as: UTF8.self)
    }
    guard let text else {
      throw failure(
        .encoding, at: begin, "\(what) is not UTF-8.", "Convert the file, for instance with iconv.")
    }
    return text
  }

  private func unescape(_ range: Range<Int>) throws(RankingDataError) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var at = range.lowerBound
    while at < range.upperBound {
      guard bytes[at] == UInt8(ascii: "\\") else {
        result.append(bytes[at])
        at += 1
        continue
      }
      let escape = bytes[at + 1]
      at += 2
      switch escape {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(escape)
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "u"):
        result.append(contentsOf: Character(try scalar(&at, range.upperBound)).utf8)
      default:
        throw failure(
          .syntax, at: at - 2, "Unknown escape in a string.",
          "JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX.")
      }
    }
    return result
  }

  /// The scalar of `\uXXXX`, whose digits start at `at`, with its second surrogate.
  private func scalar(_ at: inout Int, _ limit: Int) throws(RankingDataError) -> Unicode.Scalar {
    let begin = at
    func bad() -> RankingDataError {
      failure(
        .syntax, at: begin, "\\u is not followed by a character's four hexadecimal digits.",
        "Write characters beyond U+FFFF as a pair of surrogates, or plainly as UTF-8.")
    }
    func unit() throws(RankingDataError) -> UInt32 {
      guard at + 4 <= limit,
        let value = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16),
        bytes[at] != UInt8(ascii: "+"), bytes[at] != UInt8(ascii: "-")
      else { throw bad() }
      at += 4
      return value
    }
    let high = try unit()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard high < 0xDC00, at + 2 <= limit, bytes[at] == UInt8(ascii: "\\"),
      bytes[at + 1] == UInt8(ascii: "u")
    else { throw bad() }
    at += 2
    let low = try unit()
    guard (0xDC00..<0xE000).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    else { throw bad() }
    return scalar
  }
}
