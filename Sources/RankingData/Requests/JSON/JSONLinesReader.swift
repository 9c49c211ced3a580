/// Reads a JSON Lines file value by value, in memory that does not grow with the file. Blank lines
/// are skipped.
public struct JSONLinesReader<Value: JSONLine> {
  private var lines: LineReader

  /// Opens a file; `-` is standard input.
  public init(path: String) throws(RankingDataError) {
    lines = LineReader(try ByteSource(path: path))
  }

  /// Reads from memory; `name` stands for the file in errors.
  public init(bytes: [UInt8], name: String? = nil) {
    lines = LineReader(ByteSource(bytes: bytes, name: name))
  }

  /// The line of the last value, from 1.
  public var line: Int { lines.line }

  /// Whether the next line has arrived; if not, asking for it may wait.
  public var hasLine: Bool { lines.hasLine }

  /// An error about the last value, which names its place in the file.
  package func located(_ error: RankingDataError) -> RankingDataError {
    guard error.line == nil else { return error }
    var error = error
    (error.file, error.line) = (lines.name, lines.line)
    return error
  }

  /// The next value, or `nil` at the end of the file.
  /// - Throws: `RankingDataError` naming file, line and column. The reader stands behind the bad
  ///   line, so a caller may go on with the next one.
  public mutating func next() throws(RankingDataError) -> Value? {
    while let range = try lines.next() {
      var cursor = JSONCursor(
        scanner: JSONScanner(lines.buffer, range, file: lines.name, line: lines.line))
      if cursor.scanner.peek() == nil { continue }
      let value = try Value.parse(&cursor)
      try cursor.scanner.finish()
      return value
    }
    return nil
  }

  /// All remaining values.
  public mutating func readAll() throws(RankingDataError) -> [Value] {
    var values: [Value] = []
    while let value = try next() { values.append(value) }
    return values
  }
}
