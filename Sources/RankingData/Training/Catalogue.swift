import Foundation

/// Items and their features: `catalogue.csv` with the columns `id`, optionally `path` (of the
/// image, relative to the file) and `category`, and any features.
public struct Catalogue: Sendable {
  /// Item ids in row order.
  public let ids: [String]
  let table: Table
  private let rows: [String: Int32]

  /// Reads a CSV or TSV file.
  /// - Throws: `RankingDataError` naming file and line, also where an id is empty or occurs twice.
  public init(path: String) throws(RankingDataError) {
    try self.init(Table(path: path))
  }

  /// Takes a table with a column `id`.
  package init(_ table: Table) throws(RankingDataError) {
    let column = try table.identifiers("id")
    var rows: [String: Int32] = [:]
    rows.reserveCapacity(table.count)
    for row in 0..<table.count {
      guard rows.updateValue(Int32(row), forKey: column[row]) == nil else {
        throw table.failure(
          .duplicateIdentifier, row: row, column: "id", "\"\(column[row])\" occurs twice.",
          "Keep one row for each item.")
      }
    }
    ids = column.codes.map { column.values[Int($0)] }
    self.rows = rows
    self.table = table
  }

  /// Number of items.
  public var count: Int { ids.count }

  /// The row of an item.
  public func row(of id: String) -> Int? { rows[id].map(Int.init) }

  /// The value of a column for an item; `nil` when the column, the item or the value is missing.
  public func value(_ column: String, of id: String) -> String? {
    guard table.has(column), let row = rows[id], let column = try? table.text(column) else {
      return nil
    }
    let code = column.codes[Int(row)]
    return column.values.isEmpty(Int(code)) ? nil : column.values[Int(code)]
  }

  /// The category of an item.
  public func category(of id: String) -> String? { value("category", of: id) }

  /// The image of an item, beside the catalogue file.
  public func imagePath(of id: String) -> String? {
    guard let path = value("path", of: id) else { return nil }
    if path.hasPrefix("/") { return path }
    let folder = URL(fileURLWithPath: table.file ?? "").deletingLastPathComponent()
    return folder.appendingPathComponent(path).path
  }
}
