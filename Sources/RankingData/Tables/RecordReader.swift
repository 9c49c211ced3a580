/// A file of rows, block by block, in memory that does not grow with the file.
protocol RecordReader {
  /// Shown in errors.
  var name: String? { get }
  /// Columns found so far, in the order of a block's cells. Files without a header may bring new
  /// ones with any block; earlier rows did not have them.
  var columns: [String] { get }
  /// Whether the file names all its columns before its rows.
  var hasFixedColumns: Bool { get }
  /// Whether the format holds nothing but numbers in a column.
  func isNumeric(_ column: String) -> Bool
  /// What a row has in a column that it does not mention: "" for a missing value.
  func absent(in column: String) -> String
  /// Bytes read so far, of `size`; 0 where nobody knows.
  var consumed: Int { get }
  /// Bytes in the file.
  var size: Int { get }
  /// Fills a block with the next rows; false at the end of the file.
  mutating func next(_ block: inout RecordBlock) throws(RankingDataError) -> Bool
}

extension RecordReader {
  func isNumeric(_ column: String) -> Bool { false }
  func absent(in column: String) -> String { "" }
}
