extension Table {
  /// A column as codes into its distinct values.
  package struct TextColumn: Sendable {
    /// Column name.
    package var name: String
    /// One code per row.
    package var codes: [Int32]
    /// Distinct values by code, in order of first appearance.
    package var values: [String]

    /// The value in a row.
    package subscript(row: Int) -> String { values[Int(codes[row])] }
  }

  /// A column as text.
  package func text(_ name: String) throws(RankingDataError) -> TextColumn {
    let column = columns[try position(of: name)]
    return TextColumn(
      name: name, codes: column.codes,
      values: (0..<Int32(column.dictionary.count)).map(column.dictionary.text))
  }

  /// A column of ids.
  /// - Throws: an error where a cell is empty.
  package func identifiers(_ name: String) throws(RankingDataError) -> TextColumn {
    let column = try text(name)
    if let empty = column.values.firstIndex(of: ""),
      let row = column.codes.firstIndex(of: Int32(empty))
    {
      throw failure(
        .emptyIdentifier, row: row, column: name, "the id is empty.", "Give every row an id.")
    }
    return column
  }

  /// A column as numbers; empty cells are `nil` in `missing`.
  ///
  /// Each distinct text is parsed once.
  /// - Throws: an error naming file, line, column and value of the first cell that is no finite
  ///   number.
  package func optionalNumbers(_ name: String) throws(RankingDataError) -> [Double?] {
    let column = columns[try position(of: name)]
    var parsed: [Double?] = []
    parsed.reserveCapacity(column.dictionary.count)
    for code in 0..<Int32(column.dictionary.count) {
      if column.dictionary.isEmpty(code) {
        parsed.append(nil)
        continue
      }
      guard let value = column.dictionary.number(code), value.isFinite else {
        let row = column.codes.firstIndex(of: code) ?? 0
        throw failure(
          .badValue, row: row, column: name,
          "\"\(column.dictionary.text(code))\" is not a finite number.",
          "Write decimal numbers, and leave the cell empty where the value is unknown.")
      }
      parsed.append(value)
    }
    return column.codes.map { parsed[Int($0)] }
  }

  /// A column as numbers, none missing.
  package func numbers(_ name: String) throws(RankingDataError) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(count)
    for (row, value) in try optionalNumbers(name).enumerated() {
      guard let value else {
        throw failure(
          .badValue, row: row, column: name, "the cell is empty.", "Give every row a number.")
      }
      result.append(value)
    }
    return result
  }

  /// A column as whole numbers, none missing.
  package func integers(_ name: String) throws(RankingDataError) -> [Int64] {
    var result: [Int64] = []
    result.reserveCapacity(count)
    for (row, value) in try numbers(name).enumerated() {
      // Beyond 2^53 a double skips integers; no time stamp or position is that large.
      guard value.magnitude <= 9_007_199_254_740_992, let whole = Int64(exactly: value) else {
        throw failure(
          .badValue, row: row, column: name, "\(value) is not a whole number.",
          "Write whole numbers; a timestamp is in seconds since 1970.")
      }
      result.append(whole)
    }
    return result
  }
}
