/// A value that is one line of a JSON Lines file.
public protocol JSONLine: Sendable {
  /// Reads the value from a JSON text.
  /// - Throws: `RankingDataError` naming the column.
  static func parse(_ cursor: inout JSONCursor) throws(RankingDataError) -> Self
  /// Appends the value as JSON.
  /// - Throws: `RankingDataError` where a number is not finite.
  func write(_ sink: inout JSONSink) throws(RankingDataError)
}

/// Where a `JSONLine` is read from.
public struct JSONCursor {
  var scanner: JSONScanner
}

/// Where a `JSONLine` is written to.
public struct JSONSink {
  var text = JSONText()
}

extension JSONLine {
  /// Reads one value from a JSON text in memory, for instance the body of an HTTP request.
  public init(json: [UInt8], file: String? = nil) throws(RankingDataError) {
    var cursor = JSONCursor(scanner: JSONScanner(json, json.indices, file: file, line: 1))
    let value = try Self.parse(&cursor)
    try cursor.scanner.finish()
    self = value
  }

  /// The value as one JSON text without a newline.
  public func json() throws(RankingDataError) -> String {
    var sink = JSONSink()
    try write(&sink)
    return String(decoding: sink.text.bytes, as: UTF8.self)
  }
}
