/// What was shown to whom and what came of it, joined by item with a catalogue where there is one.
///
/// A log need not have every role: without a request column every row is a request of its own,
/// without a user the request is the user, without an item the number of the row is the item, and
/// without a timestamp all times are 0 and histories empty.
public struct ImpressionLog: Sendable {
  /// Which columns are what.
  public let schema: RankingSchema
  /// Item features, if given.
  public let catalogue: Catalogue?
  /// Seconds since 1970 of each row's request: the earliest of its rows.
  package let timestamps: Column<Int64>
  /// Labels by row, finite and not negative.
  package let labels: Column<Float>
  /// For each task beside the label, labels by row; NaN where a cell is empty.
  package let taskLabels: [Column<Float>]
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
  /// By row, what training subtracts from the score; nil for nothing.
  package let offsets: Column<Float>?
  let table: Table
  let histories: Histories
  /// Catalogue row by item code, or -1.
  let catalogueRows: [Int32]

  /// Takes tables.
  package init(_ table: Table, catalogue: Catalogue?, schema: RankingSchema)
    throws(RankingDataError)
  {
    guard table.count > 0 else {
      throw RankingDataError(
        .insufficientData, file: table.file, problem: "There are no impressions.",
        remedy: "The file needs rows after its header.")
    }
    let schema = try schema.resolved(
      columns: table.names + (catalogue?.table.names ?? []).filter { !table.has($0) })
    self.schema = schema
    self.table = table
    self.catalogue = catalogue
    offsets = nil
    let rows = Table.TextColumn(
      name: RankingSchema.none, codes: Column((0..<table.count).lazy.map { Int32($0) }),
      values: TextValues(numbersTo: table.count))
    requests = try schema.request.map(table.identifiers) ?? rows
    users = try schema.user.map(table.identifiers) ?? requests
    items = try schema.item.map(table.identifiers) ?? rows
    if let user = schema.user, schema.request != nil {
      try Self.checkOwners(table, requests, users, userColumn: user)
    }
    timestamps =
      if let timestamp = schema.timestamp {
        Self.requestTimes(requests, try table.integers(timestamp))
      } else {
        Column(repeating: 0, count: table.count)
      }
    labels = try Self.labels(table, schema.label)
    var taskLabels: [Column<Float>] = []
    for task in schema.tasks { taskLabels.append(try Self.observed(table, task.rule)) }
    self.taskLabels = taskLabels
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
    histories =
      schema.timestamp == nil
      ? Histories(none: table.count)
      : Histories(
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
