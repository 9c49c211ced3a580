/// Reads the little JSON that a safetensors header consists of, strictly and without recursion.
///
/// A general parser would merge duplicate keys, which different readers resolve differently.
struct HeaderScanner {
  struct Failure: Error { let reason: String }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
  }

  var isAtEnd: Bool { position == bytes.endIndex }

  func failure(_ reason: String) -> Failure {
    Failure(reason: "header byte \(position - bytes.startIndex): \(reason)")
  }

  mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
    guard try consume(character) else { throw failure("expected '\(character)'") }
  }

  mutating func consume(_ character: Unicode.Scalar) throws(Failure) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Calls `body` with each key of an object, the scanner standing at its value.
  mutating func object(
    _ body: (inout HeaderScanner, String) throws(Failure) -> Void
  ) throws(Failure) {
    try expect("{")
    if try consume("}") { return }
    repeat {
      skipSpace()
      let key = try string()
      try expect(":")
      try body(&self, key)
    } while try consume(",")
    try expect("}")
  }

  /// An array of at most `limit` non-negative integers.
  mutating func integers(limit: Int) throws(Failure) -> [Int] {
    try expect("[")
    var values: [Int] = []
    if try consume("]") { return values }
    repeat {
      guard values.count < limit else { throw failure("more than \(limit) numbers") }
      values.append(try integer())
    } while try consume(",")
    try expect("]")
    return values
  }

  private mutating func integer() throws(Failure) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while let byte = next, (0x30...0x39).contains(byte) {
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = shifted.addingReportingOverflow(Int(byte - 0x30))
      guard !overflow, !carry else { throw failure("a number is too large") }
      value = sum
      position += 1
    }
    guard position > start else { throw failure("expected a non-negative integer") }
    return value
  }

  mutating func string() throws(Failure) -> String {
    skipSpace()
    guard next == UInt8(ascii: "\"") else { throw failure("expected a string") }
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw failure("a string is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): text.append(contentsOf: try escaped())
      case 0..<0x20: throw failure("a control character in a string")
      default: text.append(byte)
      }
    }
    throw failure("a string does not end")
  }

  private mutating func escaped() throws(Failure) -> [UInt8] {
    guard let byte = next else { throw failure("a string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return try escapedCodePoint()
    default: throw failure("an unknown escape in a string")
    }
  }

  private mutating func escapedCodePoint() throws(Failure) -> [UInt8] {
    var code = try fourHexDigits()
    if (0xD800..<0xDC00).contains(code), next == UInt8(ascii: "\\") {
      position += 1
      guard next == UInt8(ascii: "u") else { throw failure("half a surrogate pair") }
      position += 1
      let low = try fourHexDigits()
      guard (0xDC00..<0xE000).contains(low) else { throw failure("half a surrogate pair") }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw failure("half a surrogate pair") }
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func fourHexDigits() throws(Failure) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("a \\u escape needs four hexadecimal digits")
      }
      position += 1
      code = code << 4 | UInt32(digit)
    }
    return code
  }
}
