/// Reads rows from JSON Lines: flat objects, whose keys are the columns. A list of texts and numbers
/// is one cell, joined by `|`; null and an absent key are missing values.
struct JSONRowReader: RecordReader {
  private var reader: LineReader
  private var block = SparseBlock()
  private let wants: (String) -> Bool

  init(_ source: ByteSource, wants: @escaping (String) -> Bool) {
    reader = LineReader(source)
    self.wants = wants
  }

  var name: String? { reader.name }
  var columns: [String] { block.columns }
  var hasFixedColumns: Bool { false }
  var consumed: Int { reader.consumed }
  var size: Int { reader.size }

  mutating func next(_ block: inout RecordBlock) throws(RankingDataError) -> Bool {
    while !self.block.isFull {
      guard let range = try reader.next() else { break }
      var scanner = JSONScanner(reader.buffer, range, file: name, line: reader.line)
      guard scanner.peek() != nil else { continue }
      self.block.beginRow(line: reader.line)
      try scanner.object("a row") { (scanner, key) throws(RankingDataError) in
        let text = try Self.cell(&scanner, key)
        if let text, wants(key) {
          self.block.append(text.utf8, column: self.block.position(of: key))
        }
      }
      try scanner.finish()
    }
    return self.block.move(to: &block)
  }

  /// The text of a value; `nil` for null.
  private static func cell(
    _ scanner: inout JSONScanner, _ key: String
  ) throws(RankingDataError) -> String? {
    guard scanner.peek() == UInt8(ascii: "[") else { return try scalar(&scanner, key) }
    var cell = ""
    var isFirst = true
    try scanner.array("\"\(key)\"") { (scanner) throws(RankingDataError) in
      let begin = scanner.position
      guard let text = try scalar(&scanner, key) else { return }
      guard !text.contains("|") else {
        throw scanner.failure(
          .badValue, at: begin, "An element of \"\(key)\" contains \"|\", which joins elements.",
          "Replace it by another character.")
      }
      cell += isFirst ? text : "|\(text)"
      isFirst = false
    }
    return cell
  }

  private static func scalar(
    _ scanner: inout JSONScanner, _ key: String
  ) throws(RankingDataError) -> String? {
    switch scanner.peek() {
    case UInt8(ascii: "\""): return try scanner.string("\"\(key)\"")
    case UInt8(ascii: "t") where scanner.takeWord("true"): return "1"
    case UInt8(ascii: "f") where scanner.takeWord("false"): return "0"
    case UInt8(ascii: "n") where scanner.takeNull(): return nil
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      throw scanner.failure(
        .badValue, "\"\(key)\" is nested.",
        "Write rows of texts, numbers, switches and lists of them.")
    default:
      _ = scanner.peek()
      let begin = scanner.position
      _ = try scanner.number("\"\(key)\"")
      // The digits as they stand: an id may have more of them than a double holds.
      return String(decoding: scanner.bytes[begin..<scanner.position], as: UTF8.self)
    }
  }
}
