/// A pull parser over one JSON text inside a larger buffer. It reads straight into the values of
/// this room, because a general decoder spends most of its time on boxes, and it knows where in
/// the file it stands.
struct JSONScanner {
  /// Deepest nesting that is followed.
  static let maximumDepth = 64

  let bytes: [UInt8]
  let start: Int
  let end: Int
  var position: Int
  let file: String?
  let line: Int

  init(_ bytes: [UInt8], _ range: Range<Int>, file: String?, line: Int) {
    self.bytes = bytes
    start = range.lowerBound
    end = range.upperBound
    position = range.lowerBound
    self.file = file
    self.line = line
  }

  /// An error at `position`, or where told.
  func failure(
    _ code: RankingDataError.Code, at place: Int? = nil, _ problem: String, _ remedy: String
  ) -> RankingDataError {
    let place = min(max(place ?? position, start), end)
    let column = String(decoding: bytes[start..<place], as: UTF8.self).count + 1
    return RankingDataError(
      code, file: file, line: line, column: column, problem: problem, remedy: remedy)
  }

  /// The next byte that is not white space, without taking it.
  mutating func peek() -> UInt8? {
    while position < end {
      let byte = bytes[position]
      if byte != 0x20, byte != 0x09, byte != 0x0D, byte != 0x0A { return byte }
      position += 1
    }
    return nil
  }

  /// What stands at the position, for messages.
  private mutating func found() -> String {
    guard let byte = peek() else { return "the end of the line" }
    return byte < 0x80 ? "'\(Character(Unicode.Scalar(byte)))'" : "a non-ASCII character"
  }

  mutating func expect(_ byte: UInt8, _ what: String) throws(RankingDataError) {
    guard peek() == byte else {
      throw failure(
        .syntax, "Expected \(what), found \(found()).", "Each line must be one whole JSON object.")
    }
    position += 1
  }

  /// Takes `byte` if it is next.
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  mutating func takeNull() -> Bool { takeWord("null") }

  mutating func takeWord(_ word: StaticString) -> Bool {
    guard peek() != nil, position + word.utf8CodeUnitCount <= end else { return false }
    let text = word.description.utf8
    guard bytes[position..<position + text.count].elementsEqual(text) else { return false }
    position += text.count
    return true
  }

  /// Reads an object; `member` reads the value of each key.
  mutating func object(
    _ what: String, _ member: (inout JSONScanner, String) throws(RankingDataError) -> Void
  ) throws(RankingDataError) {
    try expect(UInt8(ascii: "{"), "\(what) as an object")
    if take(UInt8(ascii: "}")) { return }
    repeat {
      let key = try string("a key")
      try expect(UInt8(ascii: ":"), "':' after \"\(key)\"")
      try member(&self, key)
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"), "',' or '}' in \(what)")
  }

  /// Reads an array; `element` reads each element.
  mutating func array(
    _ what: String, _ element: (inout JSONScanner) throws(RankingDataError) -> Void
  ) throws(RankingDataError) {
    try expect(UInt8(ascii: "["), "\(what) as an array")
    if take(UInt8(ascii: "]")) { return }
    repeat { try element(&self) } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"), "',' or ']' in \(what)")
  }

  /// Refuses anything after the value.
  mutating func finish() throws(RankingDataError) {
    guard peek() == nil else {
      throw failure(
        .syntax, "Something follows the object: \(found()).", "Write one JSON object a line.")
    }
  }

  /// Skips a value of any form, because unknown keys belong to someone else.
  mutating func skip(depth: Int = 0) throws(RankingDataError) {
    guard depth < Self.maximumDepth else {
      throw failure(
        .tooLarge, "Nested deeper than \(Self.maximumDepth) levels.", "Flatten the value.")
    }
    switch peek() {
    case UInt8(ascii: "{"):
      try object("a value") { (scanner, _) throws(RankingDataError) in
        try scanner.skip(depth: depth + 1)
      }
    case UInt8(ascii: "["):
      try array("a value") { (scanner) throws(RankingDataError) in
        try scanner.skip(depth: depth + 1)
      }
    case UInt8(ascii: "\""): _ = try string("a value")
    default:
      if takeWord("true") || takeWord("false") || takeWord("null") { return }
      guard let byte = peek(), byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte) else {
        throw failure(
          .syntax, "Expected a value, found \(found()).",
          "Each line must be one whole JSON object.")
      }
      _ = try number("a value")
    }
  }
}
