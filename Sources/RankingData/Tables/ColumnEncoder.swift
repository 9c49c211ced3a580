/// Turns the cells of one column into codes, numbers, or both.
///
/// A class, because the encoders of a table work at the same time; sendable, because each is touched
/// by one task at a time.
final class ColumnEncoder: @unchecked Sendable {
  let name: String
  private let codes: ColumnWriter<Int32>?
  private let numbers: ColumnWriter<Double>?
  private var dictionary = TextDictionary()
  private let reading: CellReading
  private let files: ColumnFiles?
  /// The first row of the last block that could not be encoded, and why.
  private(set) var failure: (row: Int, error: RankingDataError)?

  /// - Parameter files: where the column goes; `nil` keeps it in memory.
  init(
    name: String, kinds: Set<ColumnKind>, rules: CellRules, files: ColumnFiles?, buffered limit: Int
  ) {
    self.name = name
    self.files = files
    reading = CellReading(rules)
    codes =
      kinds.contains(.text)
      ? ColumnWriter(path: files?.path(.codes), limit: limit) : nil
    numbers =
      kinds.contains(.number)
      ? ColumnWriter(path: files?.path(.numbers), limit: limit) : nil
  }

  /// Encodes one column of a block.
  /// - Parameters:
  ///   - column: its position; `nil` where the file does not have it.
  ///   - absent: the cell of a row that does not have it.
  func encode(_ block: RecordBlock, column: Int?, absent: String) {
    do throws(RankingDataError) {
      try unsafe Self.withCells(block, column, absent) { bytes, cells in
        if let codes {
          codes.append { values in
            for cell in cells {
              let (start, length) = unsafe reading.range(of: cell, in: bytes)
              values.append(unsafe dictionary.code(of: bytes + start, length: length))
            }
          }
        }
        if let numbers { unsafe encode(numbers, cells, bytes, block) }
      }
      try codes?.flush()
      try numbers?.flush()
    } catch {
      failure = failure ?? (0, error)
    }
  }

  private func encode(
    _ numbers: ColumnWriter<Double>, _ cells: Cells, _ bytes: UnsafeRawPointer, _ block: RecordBlock
  ) {
    numbers.append { values in
      for (row, cell) in cells.enumerated() {
        let (start, length) = unsafe reading.range(of: cell, in: bytes)
        if length == 0 {
          values.append(.nan)
          continue
        }
        let text = unsafe UnsafeRawBufferPointer(start: bytes + start, count: length)
        guard let value = unsafe text.withMemoryRebound(to: UInt8.self, DecimalNumber.parse),
          value.isFinite
        else {
          let found = unsafe String(decoding: text, as: UTF8.self)
          failure = (
            row,
            RankingDataError(
              .badValue, line: Int(block.lines[row]),
              problem: "Column \"\(name)\": \"\(found)\" is not a finite number.",
              remedy: Table.numberRemedy)
          )
          return
        }
        values.append(value)
      }
    }
  }

  /// The cells of one column, absent ones replaced, with the bytes they are ranges of.
  private struct Cells: Sequence, IteratorProtocol {
    let block: RecordBlock
    /// Where an absent cell's text stands.
    let absent: RecordBlock.Cell
    var position: Int
    let step: Int
    var left: Int

    @inline(__always) mutating func next() -> RecordBlock.Cell? {
      if left == 0 { return nil }
      left &-= 1
      if step == 0 { return absent }
      let cell = block.cells[position]
      position &+= step
      return cell.length < 0 ? absent : cell
    }
  }

  private static func withCells(
    _ block: RecordBlock, _ column: Int?, _ absent: String,
    _ body: (UnsafeRawPointer, Cells) -> Void
  ) throws(RankingDataError) {
    var bytes = block.bytes
    var place = RecordBlock.Cell(start: 0, length: 0)
    // Only formats that leave out zeros need bytes for what is absent.
    if !absent.isEmpty {
      place = RecordBlock.Cell(start: Int32(bytes.count), length: Int32(absent.utf8.count))
      bytes.append(contentsOf: absent.utf8)
      bytes.append(contentsOf: repeatElement(0, count: RecordBlock.padding))
    }
    let cells = Cells(
      block: block, absent: place, position: column ?? 0, step: column == nil ? 0 : block.width,
      left: block.count)
    unsafe bytes.withUnsafeBytes { raw in
      if let base = raw.baseAddress { unsafe body(base, cells) }
    }
  }

  /// Appends rows from before the column was first seen.
  func backfill(_ count: Int, absent: String) throws(RankingDataError) {
    guard count > 0 else { return }
    let bytes = Array(absent.utf8) + [UInt8](repeating: 0, count: RecordBlock.padding)
    let code = unsafe bytes.withUnsafeBytes { raw in
      unsafe raw.baseAddress.map { base in
        unsafe codes == nil ? 0 : dictionary.code(of: base, length: absent.utf8.count)
      }
    }
    try codes?.append(repeating: code ?? 0, count: count)
    try numbers?.append(repeating: Double(absent) ?? .nan, count: count)
  }

  /// The finished column.
  func finish() throws(RankingDataError) -> StoredColumn {
    var column = StoredColumn(name: name)
    if let codes {
      let (finished, hash) = try codes.finish()
      var values = dictionary.values
      if let files {
        column.hashes[.codes] = hash
        values = try files.write(values, hashes: &column.hashes)
      }
      dictionary = TextDictionary()
      column.text = Table.TextColumn(name: name, codes: finished, values: values)
    }
    if let numbers {
      let (finished, hash) = try numbers.finish()
      if files != nil { column.hashes[.numbers] = hash }
      column.numbers = finished
    }
    return column
  }
}
