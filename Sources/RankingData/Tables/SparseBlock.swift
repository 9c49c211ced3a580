/// Puts rows that name their own columns into the cells of a block.
struct SparseBlock {
  private struct Entry {
    var row: Int32
    var column: Int32
    var cell: RecordBlock.Cell
  }

  private(set) var columns: [String] = []
  private var positions: [String: Int32] = [:]
  private var entries: [Entry] = []
  private var bytes: [UInt8] = []
  private var lines: [Int32] = []

  /// Whether the block has enough rows.
  var isFull: Bool {
    bytes.count >= RecordBlock.size
      || (lines.count + 1) * max(1, columns.count) > RecordBlock.maximumCells
  }

  /// The position of a column, which is new or known.
  mutating func position(of name: String) -> Int32 {
    if let position = positions[name] { return position }
    let position = Int32(columns.count)
    positions[name] = position
    columns.append(name)
    return position
  }

  /// Begins a row.
  mutating func beginRow(line: Int) { lines.append(Int32(clamping: line)) }

  /// Adds a cell to the row; of two in one column the last counts.
  mutating func append(_ text: some Collection<UInt8>, column: Int32) {
    let cell = RecordBlock.Cell(start: Int32(bytes.count), length: Int32(text.count))
    entries.append(Entry(row: Int32(lines.count - 1), column: column, cell: cell))
    bytes.append(contentsOf: text)
  }

  /// Moves the rows into a block; false where there are none.
  mutating func move(to block: inout RecordBlock) -> Bool {
    block.removeAll()
    swap(&block.bytes, &bytes)
    swap(&block.lines, &lines)
    block.bytes.append(contentsOf: repeatElement(0, count: RecordBlock.padding))
    block.width = columns.count
    block.cells.append(contentsOf: repeatElement(.absent, count: block.count * block.width))
    for entry in entries {
      block.cells[Int(entry.row) * block.width + Int(entry.column)] = entry.cell
    }
    entries.removeAll(keepingCapacity: true)
    return block.count > 0
  }
}
