/// How labels spread over the ids of a field. An id that was seen with one label only is learned as
/// always, or never, clicked; one that was seen seldom is learned badly.
package struct LabelBalance: Sendable, Hashable, Codable {
  /// Rows below which an id is rare.
  package static let fewRows = 20

  /// The column.
  package var field: String
  /// Distinct ids.
  package var ids: Int
  /// Ids with positive labels alone.
  package var onlyPositive: Int
  /// Ids with negative labels alone.
  package var onlyNegative: Int
  /// Ids with fewer rows than `fewRows`.
  package var rare: Int
  /// Rows of rare ids.
  package var rareRows: Int

  /// Counts labels by id. O(rows + ids).
  package init(_ column: Table.TextColumn, labels: Column<Float>) {
    var rows = [Int32](repeating: 0, count: column.values.count)
    var positive = rows
    for (code, label) in zip(column.codes, labels) {
      rows[Int(code)] += 1
      if isPositive(label) { positive[Int(code)] += 1 }
    }
    field = column.name
    ids = rows.count { $0 > 0 }
    onlyPositive = zip(rows, positive).count { $0 > 0 && $0 == $1 }
    onlyNegative = zip(rows, positive).count { $0 > 0 && $1 == 0 }
    rare = rows.count { $0 > 0 && $0 < Int32(Self.fewRows) }
    rareRows = rows.reduce(0) { $0 + ($1 < Int32(Self.fewRows) ? Int($1) : 0) }
  }
}
