extension ImpressionLog {
  /// One time for all rows of a request: its earliest. A list is ranked at one moment, so nothing
  /// that happened while it was read may enter its own histories, and no split may tear it apart.
  /// - Throws: `RankingDataError` where the rows of a request name two users.
  static func requestTimes(
    _ table: Table, _ requests: Table.TextColumn, _ users: Table.TextColumn,
    _ times: Column<Int64>,
    userColumn: String
  ) throws(RankingDataError) -> Column<Int64> {
    var earliest = [Int64](repeating: .max, count: requests.values.count)
    var owners = [Int32](repeating: -1, count: requests.values.count)
    for (row, code) in requests.codes.enumerated() {
      let request = Int(code)
      let user = users.codes[row]
      earliest[request] = min(earliest[request], times[row])
      if owners[request] < 0 { owners[request] = user }
      guard owners[request] == user else {
        throw table.failure(
          .badValue, row: row, column: userColumn,
          "the request \"\(requests[row])\" is \"\(users.values[Int(owners[request])])\"'s, not"
            + " \"\(users[row])\"'s.",
          "A request is what one user was shown at one moment: give each its own id.")
      }
    }
    return Column(requests.codes.lazy.map { earliest[Int($0)] })
  }
}

extension ImpressionLog {
  /// An error about a value of a column, in whichever file the column is.
  func failure(
    _ code: RankingDataError.Code, row: Int, column: String, _ problem: String, _ remedy: String
  ) -> RankingDataError {
    guard !table.has(column), let catalogue else {
      return table.failure(code, row: row, column: column, problem, remedy)
    }
    let item = Int(max(catalogueRows[Int(items.codes[row])], 0))
    return catalogue.table.failure(code, row: item, column: column, problem, remedy)
  }
}
