/// What was shown to whom and what was clicked: `impressions.csv`, joined by item with
/// `catalogue.csv`.
public struct ImpressionLog: Sendable {
  /// The names of the reserved columns.
  public let schema: RankingSchema
  /// Item features, if given.
  public let catalogue: Catalogue?
  /// Seconds since 1970 of each row's request: the earliest of its rows.
  package let timestamps: Column<Int64>
  /// Labels by row, finite and not negative.
  package let labels: Column<Float>
  /// Row weights; all 1 unless the schema names a column.
  package let weights: Column<Float>
  /// Distinct items that the catalogue does not hold. Their features are missing.
  public let itemsWithoutFeatures: Int
  /// User ids by row.
  package let users: Table.TextColumn
  /// Item ids by row.
  package let items: Table.TextColumn
  /// Request ids by row.
  package let requests: Table.TextColumn
  let table: Table
  let histories: Histories
  /// Catalogue row by item code, or -1.
  let catalogueRows: [Int32]

  /// Reads the files.
  /// - Throws: `RankingDataError` naming file, line, column and value.
  public init(impressions: String, catalogue: String? = nil, schema: RankingSchema)
    throws(RankingDataError)
  {
    var items: Catalogue?
    if let catalogue { items = try Catalogue(path: catalogue) }
    try self.init(Table(path: impressions), catalogue: items, schema: schema)
  }

  /// Takes tables.
  package init(_ table: Table, catalogue: Catalogue?, schema: RankingSchema)
    throws(RankingDataError)
  {
    guard table.count > 0 else {
      throw RankingDataError(
        .insufficientData, file: table.file, problem: "There are no impressions.",
        remedy: "The file needs rows after its header.")
    }
    self.schema = schema
    self.table = table
    self.catalogue = catalogue
    let rows = Table.TextColumn(
      name: RankingSchema.none, codes: Column((0..<table.count).lazy.map { Int32($0) }),
      values: TextValues(numbersTo: table.count))
    requests = try schema.request.map(table.identifiers) ?? rows
    users = try schema.user.map(table.identifiers) ?? requests
    items = try schema.item.map(table.identifiers) ?? rows
    timestamps =
      if let timestamp = schema.timestamp {
        try Self.requestTimes(
          table, requests, users, try table.integers(timestamp),
          userColumn: schema.user ?? RankingSchema.none)
      } else {
        Column(repeating: 0, count: table.count)
      }
    labels = try Self.labels(table, schema.label)
    weights =
      if let weight = schema.weight {
        try Self.bounded(table, weight, 0...1e30, "Weights are not negative.")
      } else {
        Column(repeating: 1, count: table.count)
      }
    catalogueRows = items.values.map { id in
      catalogue?.row(of: id).map(Int32.init) ?? -1
    }
    itemsWithoutFeatures = catalogue == nil ? 0 : catalogueRows.count { $0 < 0 }
    histories = Histories(
      users: users.codes, userCount: users.values.count, items: items.codes, times: timestamps,
      labels: labels)
  }

  /// Number of impressions.
  public var count: Int { table.count }

  private static func labels(
    _ table: Table, _ rule: LabelRule
  ) throws(RankingDataError) -> Column<Float> {
    if rule.readsText {
      let column = try table.text(rule.name)
      let byCode = column.values.map { Float(rule.label(ofText: $0)) }
      return Column(column.codes.lazy.map { byCode[Int($0)] })
    }
    guard rule.threshold == nil else {
      return Column(
        try table.completeNumbers(rule.name).lazy.map { Float(rule.label(ofNumber: $0)) })
    }
    return try bounded(
      table, rule.name, 0...1e6, "Labels are 0 or more: 1 for a click, or a grade.")
  }

  private static func bounded(
    _ table: Table, _ name: String, _ range: ClosedRange<Double>, _ remedy: String
  ) throws(RankingDataError) -> Column<Float> {
    let values = try table.completeNumbers(name)
    if let row = values.firstIndex(where: { !range.contains($0) }) {
      throw table.failure(
        .badValue, row: row, column: name, "\(values[row]) is out of range.", remedy)
    }
    return Column(values.lazy.map { Float($0) })
  }
}

extension ImpressionLog {
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
