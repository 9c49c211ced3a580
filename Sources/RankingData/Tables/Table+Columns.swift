extension Table {
  /// A column as codes into its distinct values.
  package struct TextColumn: Sendable {
    /// Column name.
    package var name: String
    /// One code per row.
    package var codes: Column<Int32>
    /// Distinct values by code, in order of first appearance.
    package var values: TextValues

    /// A column from its parts; every code is a position in `values`.
    package init(name: String, codes: Column<Int32>, values: TextValues) {
      self.name = name
      self.codes = codes
      self.values = values
    }

    /// The value in a row.
    package subscript(row: Int) -> String { values[Int(codes[row])] }
  }

  /// A column as text.
  /// - Throws: an error where it is kept as numbers alone.
  package func text(_ name: String) throws(RankingDataError) -> TextColumn {
    if let text = try column(name).text { return text }
    throw RankingDataError(
      .badValue, file: file, problem: "The column \"\(name)\" is kept as numbers, not as text.",
      remedy: "Prepare the data set again with a schema that uses it so.")
  }

  /// A column of ids.
  /// - Throws: an error where a cell is empty.
  package func identifiers(_ name: String) throws(RankingDataError) -> TextColumn {
    let column = try text(name)
    if let empty = column.values.missing, let row = column.codes.firstIndex(of: empty) {
      throw failure(
        .emptyIdentifier, row: row, column: name, "the id is empty.", "Give every row an id.")
    }
    return column
  }

  /// A column as numbers; NaN where a cell is empty.
  ///
  /// Each distinct text is parsed once.
  /// - Throws: an error naming file, line, column and value of the first cell that is no finite
  ///   number.
  package func numbers(_ name: String) throws(RankingDataError) -> Column<Double> {
    if let numbers = try column(name).numbers { return numbers }
    let column = try text(name)
    var parsed: [Double] = []
    parsed.reserveCapacity(column.values.count)
    for code in column.values.indices {
      if column.values.isEmpty(code) {
        parsed.append(.nan)
        continue
      }
      guard let value = column.values.number(code), value.isFinite else {
        let row = column.codes.firstIndex(of: Int32(code)) ?? 0
        throw failure(
          .badValue, row: row, column: name,
          "\"\(column.values[code])\" is not a finite number.",
          Self.numberRemedy)
      }
      parsed.append(value)
    }
    return Column(column.codes.lazy.map { parsed[Int($0)] })
  }

  /// A column as numbers, none missing.
  package func completeNumbers(_ name: String) throws(RankingDataError) -> Column<Double> {
    let values = try numbers(name)
    if let row = values.firstIndex(where: \.isNaN) {
      throw failure(
        .badValue, row: row, column: name, "the cell is empty.", "Give every row a number.")
    }
    return values
  }

  /// A column as whole numbers, none missing.
  package func integers(_ name: String) throws(RankingDataError) -> Column<Int64> {
    let values = try completeNumbers(name)
    // Beyond 2^53 a double skips integers; no time stamp or position is that large.
    if let row = values.firstIndex(where: {
      !($0.magnitude <= 9_007_199_254_740_992 && $0 == $0.rounded(.towardZero))
    }) {
      throw failure(
        .badValue, row: row, column: name, "\(values[row]) is not a whole number.",
        "Write whole numbers; a timestamp is in seconds since 1970.")
    }
    return Column(values.lazy.map { Int64($0) })
  }

  static let numberRemedy =
    "Write decimal numbers, and leave the cell empty where the value is unknown."
}
