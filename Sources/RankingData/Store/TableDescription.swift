/// What the files of a table in a column store are.
struct TableDescription: Sendable, Hashable, Codable {
  struct ColumnEntry: Sendable, Hashable, Codable {
    /// Column name.
    var name: String
    /// Distinct texts, where the column is kept as text.
    var distinct: Int?
    /// Bytes of all distinct texts together.
    var bytes: Int?
    /// XXH64 of each file, in hexadecimal.
    var hashes: [ColumnFiles.Part: String]
  }

  /// Rows.
  var rows: Int
  /// The files that they came from.
  var sources: [Table.Source]
  /// All columns of those files.
  var fileColumns: [String]
  /// The columns that are kept: column i has the files `columnI.*`.
  var columns: [ColumnEntry]
  /// The hash of `rows.lines`.
  var lines: String

  enum CodingKeys: String, CodingKey {
    case rows, sources, columns, lines
    case fileColumns = "file_columns"
  }

  init(_ table: Table) {
    rows = table.count
    sources = table.sources
    fileColumns = table.fileColumns
    columns = table.columns.map { column in
      ColumnEntry(
        name: column.name, distinct: column.text?.values.count,
        bytes: column.text?.values.spelling.bytes.count,
        hashes: column.hashes.mapValues(ContentHash.text))
    }
    lines = ContentHash.text(table.linesHash)
  }
}

extension Table {
  /// Maps the tables of a column store.
  /// - Throws: `RankingDataError` naming a file that is missing, truncated or damaged.
  init(_ description: TableDescription, in folder: String) throws(RankingDataError) {
    guard description.rows >= 0, description.rows <= TableBuilder.maximumRows,
      description.sources.allSatisfy({ (0...description.rows).contains($0.count) }),
      description.sources.reduce(0, { $0 + $1.count }) == description.rows
    else {
      throw RankingDataError(
        .damaged, file: folder, problem: "The files do not add up to \(description.rows) rows.",
        remedy: "Prepare the data set again.")
    }
    var columns: [StoredColumn] = []
    for (index, entry) in description.columns.enumerated() {
      columns.append(
        try StoredColumn(
          entry, ColumnFiles(stem: "\(folder)/column\(index + 1)"), rows: description.rows))
    }
    self.init(
      sources: description.sources, fileColumns: description.fileColumns, columns: columns,
      lines: try .mapped(folder + "/rows.lines", description.rows, hash: description.lines))
  }
}

extension StoredColumn {
  /// Maps the files of a column. Content that would lead a reader astray is refused even where the
  /// hashes fit.
  fileprivate init(
    _ entry: TableDescription.ColumnEntry, _ files: ColumnFiles, rows: Int
  ) throws(RankingDataError) {
    self.init(name: entry.name)
    if let hash = entry.hashes[.numbers] {
      numbers = try .mapped(files.path(.numbers), rows, hash: hash)
    }
    if let hash = entry.hashes[.codes] {
      let distinct = entry.distinct ?? -1
      guard (0...rows).contains(distinct), let bytes = entry.bytes, bytes >= 0 else {
        throw .damaged(files.path(.codes), "it has \(distinct) distinct texts for \(rows) rows")
      }
      let codes: Column<Int32> = try .mapped(files.path(.codes), rows, hash: hash)
      let spelling: Column<UInt8> = try .mapped(
        files.path(.bytes), bytes, hash: entry.hashes[.bytes] ?? "")
      let offsets: Column<Int> = try .mapped(
        files.path(.offsets), distinct + 1, hash: entry.hashes[.offsets] ?? "")
      guard offsets.first == 0, offsets.last == bytes, offsets.isAscending else {
        throw .damaged(files.path(.offsets), "its texts do not follow one another")
      }
      guard codes.areBelow(Int32(distinct)) else {
        throw .damaged(files.path(.codes), "it has codes that mean nothing")
      }
      text = Table.TextColumn(
        name: name, codes: codes, values: TextValues(bytes: spelling, offsets: offsets))
    }
  }
}

extension RankingDataError {
  fileprivate static func damaged(_ path: String, _ reason: String) -> RankingDataError {
    RankingDataError(
      .damaged, file: path, problem: "The column file is damaged: \(reason).",
      remedy: "Prepare the data set again.")
  }
}

extension Column {
  /// Maps a file of a known number of values and a known hash.
  fileprivate static func mapped(
    _ path: String, _ count: Int, hash: String
  ) throws(RankingDataError) -> Column {
    let file = try MappedFile(path)
    let (bytes, isOver) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !isOver, unsafe file.bytes.count == bytes else {
      throw .damaged(path, unsafe "it has \(file.bytes.count) bytes instead of \(bytes)")
    }
    guard unsafe ContentHash.text(ContentHash.of(file.bytes)) == hash else {
      throw .damaged(path, "its content is not what was written")
    }
    return Column(file, count: count)
  }
}

extension Column<Int> {
  fileprivate var isAscending: Bool {
    unsafe withUnsafeBufferPointer { values in
      for index in 1..<Swift.max(1, values.count) {
        if unsafe values[index] < values[index - 1] { return false }
      }
      return true
    }
  }
}

extension Column<Int32> {
  fileprivate func areBelow(_ limit: Int32) -> Bool {
    unsafe withUnsafeBufferPointer { values in
      var largest: UInt32 = 0
      for index in 0..<values.count {
        largest = unsafe Swift.max(largest, UInt32(bitPattern: values[index]))
      }
      return values.isEmpty || largest < UInt32(limit)
    }
  }
}
