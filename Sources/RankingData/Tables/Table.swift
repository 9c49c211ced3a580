/// A table column by column, in memory or mapped from a column store. Texts are codes into their
/// column's dictionary, so repeated values are stored, compared and parsed once.
package struct Table: Sendable {
  /// A file that rows came from.
  package struct Source: Sendable, Hashable, Codable {
    /// Shown in errors.
    package var name: String?
    /// Rows of the file.
    package var count: Int

    /// A file and its rows.
    package init(name: String?, count: Int) {
      self.name = name
      self.count = count
    }
  }

  /// The files of the rows, in order.
  package let sources: [Source]
  /// Column names in file order.
  package let names: [String]
  /// All columns of the files, kept or not.
  let fileColumns: [String]
  let columns: [StoredColumn]
  /// Line of each row in its file.
  let lines: Column<Int32>
  /// The hash of the file of lines, where the table has files.
  let linesHash: UInt64
  private let positions: [String: Int]

  /// Number of rows.
  package var count: Int { lines.count }

  init(
    sources: [Source], fileColumns: [String], columns: [StoredColumn], lines: Column<Int32>,
    linesHash: UInt64 = 0
  ) {
    self.sources = sources
    self.fileColumns = fileColumns
    self.columns = columns
    self.lines = lines
    self.linesHash = linesHash
    names = columns.map(\.name)
    positions = Dictionary(
      zip(names, 0...), uniquingKeysWith: { first, _ in first })
  }

  /// Reads a CSV or TSV file with a header.
  /// - Throws: `RankingDataError` naming file, line and column.
  package init(path: String, delimiter: Character? = nil) throws(RankingDataError) {
    try self.init(DelimitedReader(path: path, delimiter: delimiter))
  }

  /// Reads a table with a header from memory.
  package init(csv text: String, name: String? = nil) throws(RankingDataError) {
    try self.init(DelimitedReader(bytes: Array(text.utf8), name: name))
  }

  /// Reads all records as text.
  package init(
    _ source: DelimitedReader, selection: ColumnSelection = .all, rules: CellRules = CellRules()
  ) throws(RankingDataError) {
    var builder = TableBuilder(selection, rules: rules)
    try builder.read(source)
    self = try builder.finish()
  }

  /// The first file, for messages about all of them.
  package var file: String? { sources.first?.name }

  /// Whether the table has a column.
  package func has(_ name: String) -> Bool { positions[name] != nil }

  /// A column.
  /// - Throws: an error that names the nearest existing column.
  func column(_ name: String) throws(RankingDataError) -> StoredColumn {
    if let position = positions[name] { return columns[position] }
    if fileColumns.contains(name) {
      throw RankingDataError(
        .missingColumn, file: file, line: 1, problem: "The column \"\(name)\" was not kept.",
        remedy: "Prepare the data set again with a schema that names it.")
    }
    throw RankingDataError(
      .missingColumn, file: file, line: 1, problem: "There is no column \"\(name)\".",
      remedy: suggestion(for: name, in: names))
  }

  /// The file of a row, and its first row.
  private func source(of row: Int) -> Source? {
    var first = 0
    for source in sources {
      if row < first + source.count { return source }
      first += source.count
    }
    return nil
  }

  /// The line of a row in its file.
  package func line(_ row: Int) -> Int { Int(lines[row]) }

  /// An error about a cell.
  func failure(
    _ code: RankingDataError.Code, row: Int, column name: String, _ problem: String,
    _ remedy: String
  ) -> RankingDataError {
    RankingDataError(
      code, file: source(of: row)?.name, line: line(row),
      problem: "Column \"\(name)\": \(problem)", remedy: remedy)
  }
}
