/// The files of one table and how they are read.
package struct TableFiles: Sendable, Hashable, Codable {
  /// The files, in the order of their rows.
  package var paths: [String]
  /// Their format; by name or first line when `nil`.
  package var format: TableFormat?
  /// Names of the columns of files that have no line for them.
  package var header: [String]?
  /// How cells are read.
  package var rules: CellRules
  /// For each file, the file of the sizes of its groups; SVMlight alone.
  package var groups: [String]

  /// Names files.
  package init(
    _ paths: [String], format: TableFormat? = nil, header: [String]? = nil,
    rules: CellRules = CellRules(), groups: [String] = []
  ) {
    self.paths = paths
    self.format = format
    self.header = header
    self.rules = rules
    self.groups = groups
  }

  /// How far reading is.
  package struct Progress: Sendable, Hashable {
    /// Rows read.
    package var rows: Int
    /// Bytes read, of `totalBytes`: of the files as they lie on the disk.
    package var bytes: Int
    /// Bytes of all files.
    package var totalBytes: Int
    /// Seconds since the first byte.
    package var seconds: Double
  }

  /// Reads the files.
  ///
  /// Memory is bounded by the distinct texts when the table goes to a folder, else also by the rows.
  /// - Parameters:
  ///   - selection: which columns are kept, and how.
  ///   - folder: an existing folder for the column files; `nil` keeps the table in memory.
  ///   - limit: most rows to read.
  ///   - progress: called after each block of rows.
  /// - Throws: `RankingDataError` naming file, line and column.
  package func read(
    _ selection: ColumnSelection = .all, into folder: String? = nil, limit: Int = .max,
    progress: (Progress) -> Void = { _ in }
  ) throws(RankingDataError) -> Table {
    let start = ContinuousClock.now
    var sizes: [Int] = []
    for path in paths { sizes.append(try ByteSource(path: path).size) }
    let total = sizes.reduce(0, +)
    var builder = TableBuilder(selection, rules: rules, folder: folder, limit: limit)
    var queries = 0
    var before = 0
    for (index, path) in paths.enumerated() {
      let reader = try reader(of: path, index: index, selection, &queries)
      try builder.read(reader) { rows, bytes in
        progress(
          Progress(
            rows: rows, bytes: before + bytes, totalBytes: total,
            seconds: start.duration(to: .now) / .seconds(1)))
      }
      before += sizes[index]
    }
    return try builder.finish()
  }

  private func reader(
    of path: String, index: Int, _ selection: ColumnSelection, _ queries: inout Int
  ) throws(RankingDataError) -> any RecordReader {
    let format = if let format { format } else { try TableFormat(path: path) }
    if format != .svmlight, !groups.isEmpty {
      throw RankingDataError(
        .badValue, file: path, problem: "Group sizes belong to SVMlight files, and this is none.",
        remedy: "Remove groups: the column of the schema's request says it here.")
    }
    switch format {
    case .csv: return try DelimitedReader(path: path, delimiter: ",", header: header)
    case .tsv: return try DelimitedReader(path: path, delimiter: "\t", header: header)
    case .jsonl:
      return JSONRowReader(try ByteSource(path: path)) {
        !selection.kinds(of: $0, isNumeric: false).isEmpty
      }
    case .svmlight:
      var sizes: QueryGroups?
      if !groups.isEmpty {
        guard groups.count == paths.count else {
          throw RankingDataError(
            .badValue, file: groups.last,
            problem: "There are \(groups.count) files of group sizes for \(paths.count) files.",
            remedy: "Give one for each, in the same order.")
        }
        let read = try QueryGroups(path: groups[index], first: queries + 1)
        queries += read.count
        sizes = read
      }
      return SVMLightReader(try ByteSource(path: path), groups: sizes) {
        !selection.kinds(of: $0, isNumeric: true).isEmpty
      }
    }
  }
}
