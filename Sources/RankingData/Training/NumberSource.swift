/// A column of numbers as a log holds it; NaN is missing.
enum NumberSource: Sendable {
  /// A number for each row.
  case rows(Column<Double>)
  /// A number for each item, and an item for each row.
  case items(Column<Int32>, [Double])

  init(_ log: ImpressionLog, _ name: String) throws(RankingDataError) {
    guard !log.table.has(name), let catalogue = log.catalogue, catalogue.table.has(name) else {
      self = .rows(try log.numbers(name))
      return
    }
    let values = try catalogue.table.numbers(name)
    self = .items(
      log.items.codes, log.catalogueRows.map { $0 < 0 ? .nan : values[Int($0)] })
  }

  /// Looks up the numbers of some rows. A loop that does nothing else keeps many loads in flight,
  /// which is what rows in random order need.
  func gather(_ rows: ArraySlice<Int32>) -> [Double] {
    switch self {
    case .rows(let values):
      unsafe values.withUnsafeBufferPointer { values in
        rows.map { row in unsafe values[Int(row)] }
      }
    case .items(let codes, let values):
      unsafe codes.withUnsafeBufferPointer { codes in
        rows.map { row in unsafe values[Int(codes[Int(row)])] }
      }
    }
  }

  /// The number of a row.
  subscript(row: Int32) -> Double {
    switch self {
    case .rows(let values): values[Int(row)]
    case .items(let codes, let values): values[Int(codes[Int(row)])]
    }
  }
}
