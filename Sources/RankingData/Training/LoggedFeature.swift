/// A column of a log as it is written into requests.
struct LoggedFeature {
  private enum Values {
    case text(Table.TextColumn)
    case numbers(Column<Double>)
  }

  /// Column name.
  let name: String
  private let values: Values
  /// Whether a missing value is written too: left out, it would let the catalogue's value through,
  /// which is not what the log says of that moment.
  private let writesMissing: Bool

  init(_ log: ImpressionLog, _ name: String) throws(RankingDataError) {
    self.name = name
    writesMissing = log.table.has(name) && log.catalogue?.table.has(name) ?? false
    values =
      if log.table.has(name), try log.table.column(name).text == nil {
        .numbers(try log.numbers(name))
      } else {
        .text(try log.text(name))
      }
  }

  /// The value of a row; `nil` where nothing is written.
  subscript(row: Int32) -> FeatureValue? {
    switch values {
    case .text(let column):
      let text = column[Int(row)]
      return text.isEmpty && !writesMissing ? nil : .text(text)
    case .numbers(let column):
      let number = column[Int(row)]
      return number.isNaN ? (writesMissing ? .text("") : nil) : .number(number)
    }
  }

  /// Whether some rows have one value.
  func isConstant(in rows: [Int32]) -> Bool {
    switch values {
    case .text(let column):
      let first = column.codes[Int(rows[0])]
      return rows.allSatisfy { column.codes[Int($0)] == first }
    case .numbers(let column):
      let first = column[Int(rows[0])].bitPattern
      return rows.allSatisfy { column[Int($0)].bitPattern == first }
    }
  }
}
