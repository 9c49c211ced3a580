/// A reader one block ahead of the encoders.
///
/// A class that says it is sendable, because the task that reads the next block and the tasks that
/// encode the current one share nothing else: only one task ever calls `advance`.
final class RecordFeed: @unchecked Sendable {
  private var reader: any RecordReader
  /// The rows that are encoded.
  private(set) var block = RecordBlock()
  private var next = RecordBlock()
  private var following: Result<Bool, RankingDataError> = .success(false)

  init(_ reader: any RecordReader) { self.reader = reader }

  var name: String? { reader.name }
  /// Columns by the time of the block.
  private(set) var columns: [String] = []
  var consumed: Int { reader.consumed }
  func absent(in column: String) -> String { reader.absent(in: column) }
  func isNumeric(_ column: String) -> Bool { reader.isNumeric(column) }
  var hasFixedColumns: Bool { reader.hasFixedColumns }

  /// Reads the next block beside the current one.
  func advance() {
    following = Result { () throws(RankingDataError) in try reader.next(&next) }
  }

  /// Makes the block that was read the current one; false at the end of the file.
  func take() throws(RankingDataError) -> Bool {
    let hasRows = try following.get()
    following = .success(false)
    swap(&block, &next)
    columns = reader.columns
    return hasRows
  }

  /// Keeps the first rows of the current block only.
  func cut(to rows: Int) {
    guard rows < block.count else { return }
    block.lines.removeSubrange(rows...)
    block.cells.removeSubrange((rows * block.width)...)
  }
}
