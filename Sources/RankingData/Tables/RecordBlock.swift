/// Some rows of a file. Every cell is a range of one array of bytes, so that reading a row makes
/// nothing but numbers.
struct RecordBlock: Sendable {
  /// A range of the block's bytes.
  struct Cell: Sendable {
    var start: Int32
    /// Negative where the row has no such cell.
    var length: Int32

    static let absent = Cell(start: 0, length: -1)
  }

  /// Zeros behind the last byte, so that words may be loaded from any cell.
  static let padding = 16
  /// Bytes that a block holds about.
  static let size = 1 << 20
  /// Most cells of a block: wide files have fewer rows in it.
  static let maximumCells = 4 << 20

  var bytes: [UInt8] = []
  /// `[rows, width]`, row-major.
  var cells: [Cell] = []
  /// Line of each row in its file.
  var lines: [Int32] = []
  /// Cells in a row.
  var width = 0

  /// Number of rows.
  var count: Int { lines.count }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    cells.removeAll(keepingCapacity: true)
    lines.removeAll(keepingCapacity: true)
  }

  /// A cell's text, for messages.
  func text(row: Int, column: Int) -> String {
    let cell = cells[row * width + column]
    guard cell.length > 0 else { return "" }
    return String(
      decoding: bytes[Int(cell.start)..<Int(cell.start) + Int(cell.length)], as: UTF8.self)
  }
}
