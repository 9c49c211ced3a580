extension ImpressionLog {
  /// The log with drawn negatives as further rows, after its own.
  ///
  /// A drawn row has the user, the time and the context of its positive row, and the item's columns as
  /// the item's last row by then had them. A column of the impressions is the item's if it varies
  /// within a request or, in a log of single rows, if it is the same in all rows of an item.
  /// O(rows × columns).
  /// - Parameter training: the rows that say which columns are the item's.
  package func adding(
    _ drawn: DrawnNegatives, _ plan: NegativePlan, training: [Int32]
  ) -> ImpressionLog {
    drawn.count == 0 ? self : ImpressionLog(self, drawn, plan, training)
  }

  private init(
    _ log: ImpressionLog, _ drawn: DrawnNegatives, _ plan: NegativePlan, _ training: [Int32]
  ) {
    func extended<Value>(_ column: Column<Value>, _ values: [Value]) -> Column<Value> {
      Column(Array(column) + values)
    }
    func like(_ column: Column<Int32>) -> Column<Int32> {
      extended(column, drawn.positives.map { column[Int($0)] })
    }
    schema = log.schema
    catalogue = log.catalogue
    catalogueRows = log.catalogueRows
    itemsWithoutFeatures = log.itemsWithoutFeatures
    users = .init(name: log.users.name, codes: like(log.users.codes), values: log.users.values)
    requests = .init(
      name: log.requests.name, codes: like(log.requests.codes), values: log.requests.values)
    items = .init(
      name: log.items.name, codes: extended(log.items.codes, drawn.items), values: log.items.values)
    timestamps = extended(log.timestamps, drawn.positives.map { log.timestamps[Int($0)] })
    labels = extended(log.labels, [Float](repeating: 0, count: drawn.count))
    // Nobody saw a drawn item, so it says nothing about what else would have come of it.
    taskLabels = log.taskLabels.map {
      extended($0, [Float](repeating: .nan, count: drawn.count))
    }
    weights = extended(
      log.weights, drawn.positives.map { log.weights[Int($0)] * Float(plan.weight) })
    table = log.table.appending(
      drawn, itemColumns: log.itemColumns(training), item: log.schema.item)
    histories =
      log.schema.timestamp == nil
      ? Histories(none: labels.count)
      : Histories(
        users: users.codes, userCount: users.values.count, items: items.codes, times: timestamps,
        labels: labels)
    guard plan.correction == .logq else {
      offsets = nil
      return
    }
    // What was shown, the positive above all, is always there: it was to be expected once.
    let offsets = log.offsets.map(Array.init) ?? [Float](repeating: 0, count: log.count)
    self.offsets = Column(offsets + drawn.logExpected)
  }

  /// Names of the columns of the impressions that describe the item.
  private func itemColumns(_ rows: [Int32]) -> Set<String> {
    var perRequest = [Int32](repeating: 0, count: requests.values.count)
    for row in rows { perRequest[Int(requests.codes[Int(row)])] += 1 }
    let hasLists = perRequest.contains { $0 > 1 }
    let owners = hasLists ? requests : items
    var names: Set<String> = []
    for column in table.columns {
      let varies = column.varies(within: owners, rows)
      if varies == hasLists { names.insert(column.name) }
    }
    return names
  }
}

extension StoredColumn {
  /// Whether two rows of one owner differ.
  fileprivate func varies(within owners: Table.TextColumn, _ rows: [Int32]) -> Bool {
    var first = [Int32](repeating: -1, count: owners.values.count)
    for row in rows {
      let owner = Int(owners.codes[Int(row)])
      if first[owner] < 0 {
        first[owner] = row
      } else if differ(Int(row), Int(first[owner])) {
        return true
      }
    }
    return false
  }

  private func differ(_ a: Int, _ b: Int) -> Bool {
    if let text { return text.codes[a] != text.codes[b] }
    guard let numbers else { return false }
    return numbers[a] != numbers[b] && !(numbers[a].isNaN && numbers[b].isNaN)
  }
}

extension Table {
  fileprivate func appending(
    _ drawn: DrawnNegatives, itemColumns: Set<String>, item: String?
  ) -> Table {
    func like<Value>(_ column: Column<Value>, _ models: [Int32]) -> Column<Value> {
      Column(Array(column) + models.map { column[Int($0)] })
    }
    let columns = columns.map { column in
      // What names the item comes from the item in any case.
      let isItems = itemColumns.contains(column.name) || column.name == item
      let models = isItems ? drawn.donors : drawn.positives
      var extended = column
      extended.text?.codes = like(column.text?.codes ?? [], models)
      extended.numbers = column.numbers.map { like($0, models) }
      extended.hashes = [:]
      return extended
    }
    var sources = sources
    if !sources.isEmpty { sources[sources.count - 1].count += drawn.count }
    return Table(
      sources: sources, fileColumns: fileColumns, columns: columns,
      lines: like(lines, drawn.positives))
  }
}
