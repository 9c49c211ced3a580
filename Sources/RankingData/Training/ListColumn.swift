/// A multi-valued field over the rows of a log.
struct ListColumn: Sendable {
  private let limit: Int
  /// Whether `append` also tells ages.
  let hasAges: Bool
  private let content: Content

  private enum Content: Sendable {
    /// A list for each code of the column.
    case cells(Column<Int32>, Bag)
    /// By column, an id for each of its codes, or -1 where it has none.
    case columns([(codes: Column<Int32>, ids: [Int32])])
    /// A list for each code of the one column, and a time for each of its ids by that of the other.
    case timed(Column<Int32>, Bag, Column<Int32>, [[Double]], Column<Int64>)
    /// Ranges of one list of events.
    case history([Int32], Histories, Column<Int64>)
  }

  /// - Parameter row: the row of an id; called once for each distinct cell.
  /// - Throws: `RankingDataError` naming a missing column, or the line where times do not fit ids.
  init(
    _ log: ImpressionLog, _ field: MultiValuedField, row: (String) -> Int32
  ) throws(RankingDataError) {
    limit = field.limit
    hasAges = field.ages
    if field.isHistory {
      let byItem = log.items.values.map(row)
      content = .history(
        log.histories.items.map { byItem[Int($0)] }, log.histories, log.timestamps)
    } else if let attribute = field.historyAttribute {
      // What an item was when the user responded to it: the value of that impression.
      let source = try TextSource(log, attribute)
      let byCode = source.table(row)
      content = .history(
        log.histories.rows.map { byCode[Int(source.codes[Int($0)])] }, log.histories,
        log.timestamps)
    } else if let names = field.columns {
      var columns: [(codes: Column<Int32>, ids: [Int32])] = []
      for name in names {
        let source = try TextSource(log, name)
        let ids = source.table { cell in
          let id = MultiValuedField.trimmed(cell)
          return id.isEmpty ? -1 : row(id)
        }
        columns.append((source.codes, ids))
      }
      content = .columns(columns)
    } else if let times = field.times {
      content = try Self.timed(log, field, times, row)
    } else {
      let source = try TextSource(log, field.name)
      content = .cells(source.codes, Bag(source.table { field.split($0).map(row) }))
    }
  }

  private static func timed(
    _ log: ImpressionLog, _ field: MultiValuedField, _ times: String, _ row: (String) -> Int32
  ) throws(RankingDataError) -> Content {
    let ids = try TextSource(log, field.name)
    let column = try TextSource(log, times)
    let lists = Bag(ids.table { field.parts($0).map { $0.isEmpty ? -1 : row($0) } })
    let byCode = column.table { field.parts($0).map(TimedList.time) }
    for index in 0..<log.count {
      let list = lists[Int(ids.codes[index])]
      let moments = byCode[Int(column.codes[index])]
      guard list.count == moments.count, moments.allSatisfy({ !$0.isNaN }) else {
        throw log.failure(
          .badValue, row: index, column: times,
          list.count == moments.count
            ? "a time is no whole number of seconds."
            : "\(moments.count) times for the \(list.count) ids of \"\(field.name)\".",
          "Give every id its time in seconds since 1970, separated like the ids.")
      }
    }
    return .timed(ids.codes, lists, column.codes, byCode, log.timestamps)
  }

  /// Appends the list of a row, and how many seconds before the row's request each id was.
  func append(_ row: Int32, to bag: inout Bag, ages: inout [Float]) {
    let row = Int(row)
    switch content {
    case .cells(let codes, let lists): bag.append(lists[Int(codes[row])])
    case .columns(let columns):
      let ids = columns.lazy.map { $0.ids[Int($0.codes[row])] }.filter { $0 >= 0 }
      bag.append(ids.prefix(limit))
    case .timed(let codes, let lists, let timeCodes, let times, let rowTimes):
      let list = TimedList(
        ids: lists[Int(codes[row])], times: times[Int(timeCodes[row])],
        before: Double(rowTimes[row]), limit: limit)
      bag.append(list.ids)
      ages.append(contentsOf: list.ages)
    case .history(let events, let histories, let rowTimes):
      let range = histories.range(of: row, limit: limit)
      bag.append(events[range])
      guard hasAges else { return }
      let now = Double(rowTimes[row])
      for event in range {
        ages.append(TimedList.age(Double(histories.times[event]), before: now))
      }
    }
  }
}
