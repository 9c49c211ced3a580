/// An impression log as flat arrays of vocabulary rows and scaled numbers, ready to be gathered
/// into batches.
public struct CompiledLog: Sendable {
  /// A multi-valued column: lists, and which list each row has.
  struct ListColumn: Sendable {
    var lists: Bag
    /// List of each row; empty for histories, which are ranges of one list of events.
    var codes: [Int32]
    var limit: Int
  }

  /// Number of rows.
  public let count: Int
  /// The shape of the batches.
  public let layout: FeatureLayout
  /// Labels by row.
  public let labels: [Float]
  /// Weights by row.
  public let weights: [Float]
  /// Dense user numbers by row.
  public let groups: [Int32]
  /// Dense request numbers by row.
  public let requests: [Int32]
  /// Timestamps by row.
  public let timestamps: [Int64]
  /// What was unknown or missing.
  public let report: FeatureReport
  let categorical: [[Int32]]
  let bags: [ListColumn]
  let numeric: [Float]
  let visualRows: [Int32]
  let histories: Histories
  /// Visual row of each event; -1 where there is no image.
  let visualEvents: [Int32]
  let visualLimit: Int

  /// Compiles a log. O(rows × fields).
  /// - Throws: `RankingDataError` naming a missing column or an unreadable value.
  public init(_ log: ImpressionLog, transform: FeatureTransform, visual: VisualTable? = nil)
    throws(RankingDataError)
  {
    count = log.count
    layout = transform.layout
    labels = Array(log.labels)
    weights = Array(log.weights)
    groups = Array(log.users.codes)
    requests = Array(log.requests.codes)
    timestamps = Array(log.timestamps)
    histories = log.histories
    var report = FeatureReport()
    report.rows = log.count
    var categorical: [[Int32]] = []
    for (field, vocabulary) in zip(transform.schema.categorical, transform.categorical) {
      let column = try log.text(field.name)
      categorical.append(Self.rows(column, vocabulary, &report))
    }
    self.categorical = categorical
    var bags: [ListColumn] = []
    for (field, vocabulary) in zip(transform.schema.multiValued, transform.bags) {
      if field.isHistory {
        let byItem = log.items.values.map { vocabulary.row(of: $0) }
        let events = log.histories.items.map { byItem[Int($0)] }
        let lists = Bag(values: events, offsets: [0, Int32(events.count)])
        bags.append(ListColumn(lists: lists, codes: [], limit: field.limit))
      } else {
        let column = try log.text(field.name)
        let lists = Bag(
          column.values.map { field.split($0).map { id in vocabulary.row(of: id) } })
        let missing = column.codes.count { lists.range(of: Int($0)).isEmpty }
        if missing > 0 { report.missing[field.name] = missing }
        let unknown = (0..<lists.count).map { lists[$0].count { $0 == 0 } }
        let total = column.codes.reduce(0) { $0 + unknown[Int($1)] }
        if total > 0 { report.unknown[field.name] = total }
        bags.append(ListColumn(lists: lists, codes: Array(column.codes), limit: field.limit))
      }
    }
    self.bags = bags
    numeric = try Self.numbers(log, transform, &report)
    let byItem = log.items.values.map { visual?.row(of: $0) ?? -1 }
    visualRows = layout.visual ? log.items.codes.map { byItem[Int($0)] } : []
    visualEvents = layout.visualHistory ? log.histories.items.map { byItem[Int($0)] } : []
    visualLimit = transform.schema.visual.limit
    report.withoutImage = visualRows.count { $0 < 0 }
    self.report = report
  }

  private static func rows(
    _ column: Table.TextColumn, _ vocabulary: Vocabulary, _ report: inout FeatureReport
  ) -> [Int32] {
    let byCode = column.values.map { vocabulary.row(of: $0) }
    let empty = column.values.missing
    var missing = 0
    var unknown = 0
    let rows = column.codes.map { code in
      let row = byCode[Int(code)]
      if row == 0 { if code == empty { missing += 1 } else { unknown += 1 } }
      return row
    }
    if missing > 0 { report.missing[column.name] = missing }
    if unknown > 0 { report.unknown[column.name] = unknown }
    return rows
  }

  private static func numbers(
    _ log: ImpressionLog, _ transform: FeatureTransform, _ report: inout FeatureReport
  ) throws(RankingDataError) -> [Float] {
    let width = transform.layout.numericWidth
    var numbers = [Float](repeating: 0, count: log.count * width)
    var offset = 0
    for field in transform.numeric {
      var missing = 0
      for (row, value) in try log.numbers(field.name).enumerated() {
        var value: Double? = value.isNaN ? nil : value
        if field.transform == .log, let number = value, number < 0 { value = nil }
        numbers[row * width + offset] = field(value)
        if value == nil {
          missing += 1
          if field.indicator { numbers[row * width + offset + 1] = 1 }
        }
      }
      if missing > 0 { report.missing[field.name] = missing }
      offset += field.width
    }
    return numbers
  }
}
