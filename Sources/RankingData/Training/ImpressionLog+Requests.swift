extension ImpressionLog {
  /// One time for all rows of a request: its earliest. A list is ranked at one moment, so nothing
  /// that happened while it was read may enter its own histories, and no split may tear it apart.
  static func requestTimes(
    _ requests: Table.TextColumn, _ times: Column<Int64>
  ) -> Column<Int64> {
    var earliest = [Int64](repeating: .max, count: requests.values.count)
    for (code, time) in zip(requests.codes, times) {
      earliest[Int(code)] = min(earliest[Int(code)], time)
    }
    return Column(requests.codes.lazy.map { earliest[Int($0)] })
  }

  /// A request is one user's.
  /// - Throws: `RankingDataError` where the rows of a request name two users.
  static func checkOwners(
    _ table: Table, _ requests: Table.TextColumn, _ users: Table.TextColumn, userColumn: String
  ) throws(RankingDataError) {
    var owners = [Int32](repeating: -1, count: requests.values.count)
    for row in 0..<table.count {
      let request = Int(requests.codes[row])
      let user = users.codes[row]
      if owners[request] < 0 { owners[request] = user }
      guard owners[request] == user else {
        throw table.failure(
          .badValue, row: row, column: userColumn,
          "the request \"\(requests[row])\" is \"\(users.values[Int(owners[request])])\"'s, not"
            + " \"\(users[row])\"'s.",
          "A request is what one user was shown at one moment: give each its own id.")
      }
    }
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
