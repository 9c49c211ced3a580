extension ImpressionLog {
  /// Whether rows have times.
  public var hasTimestamps: Bool { schema.timestamp != nil }
  /// Whether rows say which request they answered; else each row is one.
  public var hasRequests: Bool { schema.request != nil }
  /// Whether rows say who asked; else each request is another one's.
  public var hasUsers: Bool { schema.user != nil }
  /// Whether rows say what was shown; else each row is an item of its own.
  public var hasItems: Bool { schema.item != nil }

  /// Names of all columns, the log's before those that only the catalogue has.
  package var columnNames: [String] {
    table.names + (catalogue?.table.names.filter { !table.has($0) } ?? [])
  }

  /// Whether a column comes with the impressions rather than the catalogue. Where both have it, the
  /// impression's value counts: it is the one of that moment.
  private func isImpressionColumn(_ name: String) throws(RankingDataError) -> Bool {
    if table.has(name) { return true }
    if let catalogue, catalogue.table.has(name) { return false }
    let legal = table.names + (catalogue?.table.names ?? [])
    throw RankingDataError(
      .missingColumn, file: table.file, line: 1,
      problem: "There is no column \"\(name)\" in the impressions"
        + (catalogue == nil ? "; no catalogue was given." : " or the catalogue."),
      remedy: suggestion(for: name, in: legal))
  }

  /// A column by impression, wherever it comes from; empty where the catalogue lacks the item.
  package func text(_ name: String) throws(RankingDataError) -> Table.TextColumn {
    if try isImpressionColumn(name) { return try table.text(name) }
    guard let catalogue else { return try table.text(name) }
    var column = try catalogue.table.text(name)
    let missing = Int32(column.values.count)
    if catalogueRows.contains(-1) { column.values = column.values.appending("") }
    let byItem = catalogueRows.map { $0 < 0 ? missing : column.codes[Int($0)] }
    column.codes = Column(items.codes.lazy.map { byItem[Int($0)] })
    return column
  }

  /// A column of numbers by impression; NaN where missing.
  package func numbers(_ name: String) throws(RankingDataError) -> Column<Double> {
    if try isImpressionColumn(name) { return try table.numbers(name) }
    guard let catalogue else { return try table.numbers(name) }
    let values = try catalogue.table.numbers(name)
    let byItem = catalogueRows.map { $0 < 0 ? .nan : values[Int($0)] }
    return Column(items.codes.lazy.map { byItem[Int($0)] })
  }
}
