/// Reads comma- or tab-separated records as RFC 4180 describes them, in memory that does not grow
/// with the file: quoted fields, doubled quotes, newlines inside quotes, CRLF or LF, a byte order
/// mark. Blank lines are skipped. Text must be UTF-8.
package struct DelimitedReader: RecordReader {
  /// Longest record that is read: a record is held in memory whole.
  package static let maximumRecord = 64 << 20

  private var source: ByteSource
  private let delimiter: UInt8
  /// Names of the columns; from the first record unless given.
  private(set) var columns: [String]
  private var hasHeader: Bool
  private var isStarted = false
  private var atEnd = false
  /// The start of a record that goes on in the next chunk.
  private var rest: [UInt8] = []
  private var scan: DelimitedScan

  /// Opens a file. The delimiter is a tab when the name ends in `.tsv` or `.tab`, else a comma.
  /// - Parameters:
  ///   - header: names of the columns of a file that has no line for them.
  ///   - chunk: bytes read at a time.
  package init(
    path: String, delimiter: Character? = nil, header: [String]? = nil,
    chunk: Int = RecordBlock.size
  ) throws(RankingDataError) {
    let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    let tabs = name.hasSuffix(".tsv") || name.hasSuffix(".tab")
    try self.init(
      ByteSource(path: path, chunk: chunk), delimiter ?? (tabs ? "\t" : ","), header)
  }

  /// Reads from memory; `name` stands for the file in errors.
  package init(
    bytes: [UInt8], name: String? = nil, delimiter: Character = ",", header: [String]? = nil
  ) throws(RankingDataError) {
    try self.init(ByteSource(bytes: bytes, name: name), delimiter, header)
  }

  private init(
    _ source: ByteSource, _ delimiter: Character, _ header: [String]?
  ) throws(RankingDataError) {
    self.source = source
    self.delimiter = delimiter.asciiValue ?? UInt8(ascii: ",")
    columns = header ?? []
    hasHeader = header != nil
    scan = DelimitedScan(delimiter: self.delimiter, file: source.name)
    if !hasHeader { try readHeader() }
  }

  /// Shown in errors.
  package var name: String? { source.name }
  var hasFixedColumns: Bool { true }
  var consumed: Int { source.consumed }
  var size: Int { source.size }

  mutating func next(_ block: inout RecordBlock) throws(RankingDataError) -> Bool {
    try next(&block, rows: .max)
  }

  /// The cells of the first record, whether it is a header or not.
  static func firstRecord(
    path: String, delimiter: Character
  ) throws(RankingDataError) -> [String] {
    var reader = try DelimitedReader(path: path, delimiter: delimiter, header: [])
    reader.hasHeader = false
    var block = RecordBlock()
    guard try reader.next(&block, rows: 1) else { return [] }
    return (0..<block.width).map { block.text(row: 0, column: $0) }
  }

  /// The first record names the columns.
  private mutating func readHeader() throws(RankingDataError) {
    var block = RecordBlock()
    guard try next(&block, rows: 1) else {
      throw RankingDataError(
        .insufficientData, file: name, problem: "The file is empty.",
        remedy: "The first line must name the columns.")
    }
    hasHeader = true
    for index in 0..<block.width {
      let column = block.text(row: 0, column: index)
      guard !columns.contains(column) else {
        throw scan.failure(
          .duplicateColumn, in: block, cell: index, "The column \"\(column)\" occurs twice.",
          "Rename one.")
      }
      columns.append(column)
    }
  }

  /// At most `rows` records.
  private mutating func next(
    _ block: inout RecordBlock, rows: Int
  ) throws(RankingDataError) -> Bool {
    block.removeAll()
    swap(&block.bytes, &rest)
    while true {
      try read(into: &block)
      block.bytes.append(contentsOf: repeatElement(0, count: RecordBlock.padding))
      let end = try scan.run(
        over: &block, width: hasHeader ? columns.count : nil, isLast: atEnd, rows: rows)
      rest.removeAll(keepingCapacity: true)
      rest.append(contentsOf: block.bytes[end..<block.bytes.count - RecordBlock.padding])
      if block.count > 0 || atEnd { return block.count > 0 }
      swap(&block.bytes, &rest)
      guard block.bytes.count <= Self.maximumRecord else {
        throw RankingDataError(
          .tooLarge, file: name, line: scan.line,
          problem: "The record is longer than \(Self.maximumRecord >> 20) MiB.",
          remedy: "Look for a quote that is never closed.")
      }
    }
  }

  /// Appends the next chunk.
  private mutating func read(into block: inout RecordBlock) throws(RankingDataError) {
    while !atEnd {
      if let chunk = try source.next() {
        block.bytes.append(contentsOf: chunk)
      } else {
        atEnd = true
      }
      if isStarted { return }
      // A pipe may give the mark in pieces.
      guard block.bytes.count >= 3 || atEnd else { continue }
      isStarted = true
      if block.bytes.starts(with: [0xFF, 0xFE]) || block.bytes.starts(with: [0xFE, 0xFF]) {
        throw RankingDataError(
          .encoding, file: name, line: 1, problem: "The file is UTF-16.",
          remedy: "Convert it: iconv -f UTF-16 -t UTF-8.")
      }
      if block.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { block.bytes.removeFirst(3) }
      return
    }
  }
}
