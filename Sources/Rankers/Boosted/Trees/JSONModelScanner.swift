/// A pull parser over the JSON in which XGBoost keeps models: whatever the bytes are, it returns or
/// throws.
package struct JSONModelScanner {
  private let bytes: [UInt8]
  private var position = 0

  private static let maximumDepth = 64

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  func failure(_ problem: String) -> BoostingError {
    BoostingError(
      "byte \(position): \(problem)",
      remedy: "The file is damaged or no model of XGBoost; copy it again")
  }

  private mutating func peek() -> UInt8? {
    while position < bytes.count {
      let byte = bytes[position]
      if byte != 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 { return byte }
      position += 1
    }
    return nil
  }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: byte) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ byte: Unicode.Scalar) throws(BoostingError) {
    guard take(byte) else { throw failure("'\(byte)' is expected") }
  }

  /// Reads an object; `member` reads the value of each key.
  mutating func object(
    _ member: (inout Self, String) throws(BoostingError) -> Void
  ) throws(BoostingError) {
    try expect("{")
    if take("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try member(&self, key)
    } while take(",")
    try expect("}")
  }

  /// Reads an array; `element` reads each element.
  mutating func array(
    _ element: (inout Self) throws(BoostingError) -> Void
  ) throws(BoostingError) {
    try expect("[")
    if take("]") { return }
    repeat { try element(&self) } while take(",")
    try expect("]")
  }

  mutating func finish() throws(BoostingError) {
    guard peek() == nil else { throw failure("something follows the model") }
  }

  /// Skips a value of any form.
  mutating func skip(depth: Int = 0) throws(BoostingError) {
    guard depth < Self.maximumDepth else { throw failure("nested too deeply") }
    switch peek() {
    case UInt8(ascii: "{"):
      try object { (scanner, _) throws(BoostingError) in try scanner.skip(depth: depth + 1) }
    case UInt8(ascii: "["):
      try array { (scanner) throws(BoostingError) in try scanner.skip(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try string()
    default: _ = try word()
    }
  }

  mutating func string() throws(BoostingError) -> String {
    guard take("\"") else { throw failure("a text is expected") }
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: text, as: UTF8.self) else {
          throw failure("a text that is not UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): text.append(try escaped())
      default: text.append(byte)
      }
    }
    throw failure("a text does not end")
  }

  /// The escapes that XGBoost writes.
  private mutating func escaped() throws(BoostingError) -> UInt8 {
    guard position < bytes.count else { throw failure("a text does not end") }
    position += 1
    switch bytes[position - 1] {
    case UInt8(ascii: "\""): return UInt8(ascii: "\"")
    case UInt8(ascii: "\\"): return UInt8(ascii: "\\")
    case UInt8(ascii: "/"): return UInt8(ascii: "/")
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    default: throw failure("an escape that models do not have")
    }
  }

  /// Letters and digits up to the next sign of JSON.
  private mutating func word() throws(BoostingError) -> Range<Int> {
    _ = peek()
    let first = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        position += 1
        continue
      default: break
      }
      break
    }
    guard position > first else { throw failure("a value is expected") }
    return first..<position
  }

  /// Reads a number, `NaN` and the infinities included: the float that XGBoost wrote.
  package mutating func float() throws(BoostingError) -> Float {
    let word = try word()
    if let quick = ShortDecimal.float(bytes, word) { return quick }
    guard let value = Float(String(decoding: bytes[word], as: UTF8.self)) else {
      throw failure("a number is expected")
    }
    return value
  }

  mutating func integer() throws(BoostingError) -> Int32 {
    let word = try word()
    guard let value = Int32(String(decoding: bytes[word], as: UTF8.self)) else {
      throw failure("a whole number is expected")
    }
    return value
  }

  mutating func floats() throws(BoostingError) -> [Float] {
    var values: [Float] = []
    try array { (scanner) throws(BoostingError) in values.append(try scanner.float()) }
    return values
  }

  mutating func integers() throws(BoostingError) -> [Int32] {
    var values: [Int32] = []
    try array { (scanner) throws(BoostingError) in values.append(try scanner.integer()) }
    return values
  }

  mutating func strings() throws(BoostingError) -> [String] {
    var values: [String] = []
    try array { (scanner) throws(BoostingError) in values.append(try scanner.string()) }
    return values
  }
}
