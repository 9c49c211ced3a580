import Dispatch

/// Builds a table from files, in memory or as a column store.
///
/// While the columns of one block of rows are encoded, side by side, the next block is read. Each
/// column is encoded by one task in the order of the rows, so the table does not depend on how many
/// cores there are.
struct TableBuilder {
  /// Most columns of a table: a bound on the memory of their buffers.
  static let maximumColumns = 20_000
  /// Most rows: their numbers are `Int32` from here to the batches.
  static let maximumRows = Int(Int32.max) - 1

  private let selection: ColumnSelection
  private let rules: CellRules
  private let folder: String?
  private let limit: Int
  private var encoders: [ColumnEncoder] = []
  private let lines: ColumnWriter<Int32>
  private var sources: [Table.Source] = []
  private var fileColumns: [String] = []
  /// Rows so far.
  private(set) var count = 0

  /// - Parameters:
  ///   - selection: which columns are kept.
  ///   - folder: an existing folder for the column files; `nil` keeps the columns in memory.
  ///   - limit: most rows to read.
  init(
    _ selection: ColumnSelection, rules: CellRules = CellRules(), folder: String? = nil,
    limit: Int = .max
  ) {
    self.selection = selection
    self.rules = rules
    self.folder = folder
    self.limit = limit
    lines = ColumnWriter(path: folder.map { $0 + "/rows.lines" })
  }

  /// Reads all rows of a file.
  /// - Parameter progress: called now and then with the rows of all files and the bytes of this one.
  mutating func read(
    _ source: any RecordReader, progress: (_ rows: Int, _ bytes: Int) -> Void = { _, _ in }
  ) throws(RankingDataError) {
    let start = count
    let feed = RecordFeed(source)
    try checkColumns(of: source)
    var columns: [Int?] = []
    var known = -1
    if count < limit { feed.advance() }
    while try feed.take() {
      feed.cut(to: limit - count)
      let rows = feed.block.count
      if feed.columns.count != known {
        known = feed.columns.count
        try admit(feed)
        let positions = Dictionary(uniqueKeysWithValues: zip(feed.columns, 0...))
        columns = encoders.map { positions[$0.name] }
      }
      guard count <= Self.maximumRows - rows else {
        throw RankingDataError(
          .tooLarge, file: source.name,
          problem: "The table has more than \(Self.maximumRows) rows.",
          remedy: "Split the log by time.")
      }
      let (encoders, places) = (encoders, columns)
      let absent = encoders.map { feed.absent(in: $0.name) }
      let wantsMore = count + rows < limit
      DispatchQueue.concurrentPerform(iterations: encoders.count + 1) { task in
        if task > 0 {
          encoders[task - 1].encode(feed.block, column: places[task - 1], absent: absent[task - 1])
        } else if wantsMore {
          feed.advance()
        }
      }
      try checkEncoders(source.name)
      lines.append { $0.append(contentsOf: feed.block.lines) }
      try lines.flush()
      count += rows
      progress(count, feed.consumed)
    }
    sources.append(Table.Source(name: source.name, count: count - start))
  }

  /// A later file of the same table must have the columns of the first.
  private mutating func checkColumns(of reader: any RecordReader) throws(RankingDataError) {
    guard !sources.isEmpty, reader.hasFixedColumns else { return }
    for encoder in encoders where !reader.columns.contains(encoder.name) {
      throw RankingDataError(
        .missingColumn, file: reader.name, line: 1,
        problem:
          "There is no column \"\(encoder.name)\", which \(sources[0].name ?? "the first file")"
          + " has.", remedy: suggestion(for: encoder.name, in: reader.columns))
    }
  }

  /// Makes encoders for columns that are seen for the first time. What only a later file with a
  /// header has is left out: its earlier rows would be made up.
  private mutating func admit(_ reader: RecordFeed) throws(RankingDataError) {
    if reader.hasFixedColumns, !sources.isEmpty { return }
    var known = Set(fileColumns)
    for name in reader.columns where known.insert(name).inserted {
      fileColumns.append(name)
      let kinds = selection.kinds(of: name, isNumeric: reader.isNumeric(name))
      if kinds.isEmpty { continue }
      guard encoders.count < Self.maximumColumns else {
        throw RankingDataError(
          .tooLarge, file: reader.name,
          problem: "There are more than \(Self.maximumColumns) columns to keep.",
          remedy: "Name those that matter in the schema.")
      }
      let encoder = ColumnEncoder(
        name: name, kinds: kinds, rules: rules,
        files: folder.map { ColumnFiles(stem: "\($0)/column\(encoders.count + 1)") },
        buffered: min(1 << 16, max(1 << 9, (8 << 20) / max(1, reader.columns.count))))
      try encoder.backfill(count, absent: reader.absent(in: name))
      encoders.append(encoder)
    }
  }

  /// Throws what went wrong first in the file.
  private func checkEncoders(_ name: String?) throws(RankingDataError) {
    let failures = encoders.compactMap(\.failure)
    guard var error = failures.min(by: { $0.row < $1.row })?.error else { return }
    error.file = error.file ?? name
    throw error
  }

  /// The finished table.
  func finish() throws(RankingDataError) -> Table {
    var columns: [StoredColumn] = []
    for encoder in encoders { columns.append(try encoder.finish()) }
    let (lines, hash) = try lines.finish()
    return Table(
      sources: sources, fileColumns: fileColumns, columns: columns, lines: lines, linesHash: hash)
  }
}
