/// A table column by column. Texts are codes into their column's dictionary, so repeated values are
/// stored, compared and parsed once.
package struct Table: Sendable {
  private struct Encoder {
    var codes: [Int32] = []
    var dictionary = TextDictionary()
  }

  /// Shown in errors.
  package let file: String?
  /// Column names in file order.
  package let names: [String]
  private(set) var columns: [TextColumn] = []
  private let positions: [String: Int]
  /// Line of each row.
  private let lines: Column<Int32>

  /// Number of rows.
  package var count: Int { lines.count }

  /// Reads a CSV or TSV file with a header.
  /// - Throws: `RankingDataError` naming file, line and column.
  package init(path: String, delimiter: Character? = nil) throws(RankingDataError) {
    try self.init(DelimitedReader(path: path, delimiter: delimiter))
  }

  /// Reads a table with a header from memory.
  package init(csv text: String, name: String? = nil) throws(RankingDataError) {
    try self.init(DelimitedReader(bytes: Array(text.utf8), name: name))
  }

  /// Reads all records; the first is the header.
  package init(_ source: consuming DelimitedReader) throws(RankingDataError) {
    var reader = source
    file = reader.name
    guard try reader.next() else {
      throw RankingDataError(
        .insufficientData, file: reader.name, problem: "The file is empty.",
        remedy: "The first line must name the columns.")
    }
    var names: [String] = []
    var positions: [String: Int] = [:]
    for index in 0..<reader.count {
      let name = reader.text(index)
      guard positions.updateValue(index, forKey: name) == nil else {
        throw reader.failure(
          .duplicateColumn, field: index, "The column \"\(name)\" occurs twice.", "Rename one.")
      }
      names.append(name)
    }
    self.names = names
    self.positions = positions
    var encoders = [Encoder](repeating: Encoder(), count: names.count)
    var lines: [Int32] = []
    while try reader.next() {
      try Self.append(reader, names, &encoders)
      lines.append(Int32(clamping: reader.line))
    }
    self.lines = Column(lines)
    columns = zip(names, encoders).map { name, encoder in
      TextColumn(name: name, codes: Column(encoder.codes), values: encoder.dictionary.values)
    }
  }

  private static func append(
    _ reader: borrowing DelimitedReader, _ names: [String], _ encoders: inout [Encoder]
  ) throws(RankingDataError) {
    guard reader.count == names.count else {
      throw reader.failure(
        .raggedRow, field: min(reader.count, names.count),
        "The row has \(reader.count) fields, the header \(names.count).",
        reader.count > names.count
          ? "Quote fields that contain the delimiter." : "Add the missing fields.")
    }
    for index in encoders.indices {
      let code = encoders[index].dictionary.code(
        of: reader.buffer, reader.fields[index], last: encoders[index].codes.last)
      encoders[index].codes.append(code)
    }
  }

  /// Whether the table has a column.
  package func has(_ name: String) -> Bool { positions[name] != nil }

  /// The position of a column.
  /// - Throws: an error that names the nearest existing column.
  func position(of name: String) throws(RankingDataError) -> Int {
    if let position = positions[name] { return position }
    throw RankingDataError(
      .missingColumn, file: file, line: 1, problem: "There is no column \"\(name)\".",
      remedy: suggestion(for: name, in: names))
  }

  /// The line of a row in its file.
  package func line(_ row: Int) -> Int { Int(lines[row]) }

  /// An error about a cell.
  func failure(
    _ code: RankingDataError.Code, row: Int, column name: String, _ problem: String,
    _ remedy: String
  ) -> RankingDataError {
    RankingDataError(
      code, file: file, line: line(row), problem: "Column \"\(name)\": \(problem)", remedy: remedy)
  }
}
