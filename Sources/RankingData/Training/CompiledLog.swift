/// An impression log seen through a fitted transform: a view that looks vocabulary rows up and scales
/// numbers when a batch is gathered. Beyond the log itself it holds tables of the size of the
/// dictionaries, and four bytes a row for each number of a counter.
public struct CompiledLog: Sendable {
  /// Number of rows.
  public let count: Int
  /// The shape of the batches.
  public let layout: FeatureLayout
  /// What was unknown or missing.
  public let report: FeatureReport
  /// Labels by row.
  let labelColumn: Column<Float>
  /// Labels of each further task by row.
  let taskColumns: [Column<Float>]
  /// Weights by row.
  let weightColumn: Column<Float>
  /// What training subtracts from each score; nil for nothing.
  let offsets: Column<Float>?
  /// Dense user numbers by row.
  package let groups: Column<Int32>
  /// Dense request numbers by row.
  let requestColumn: Column<Int32>
  /// Timestamps by row.
  package let timestamps: Column<Int64>
  let items: Column<Int32>
  let categorical: [IdColumn]
  let bags: [ListColumn]
  let numeric: [(transform: NumericTransform, values: NumberSource)]
  /// Counters' numbers by column, then row.
  let counters: [[Float]]
  /// Visual row of each item; -1 where there is no image.
  let visualItems: [Int32]
  let histories: Histories
  let visualLimit: Int

  /// Compiles a log. O(rows × fields) to count what is unknown.
  /// - Parameters:
  ///   - training: the rows that the transform was fitted to. A counter then tells every row what it
  ///     knew before that row's request. Without them, or where they are of another log, each row is
  ///     told what a request would be.
  /// - Throws: `RankingDataError` naming a missing column or an unreadable value.
  public init(
    _ log: ImpressionLog, transform: FeatureTransform, visual: VisualTable? = nil,
    training: [Int32]? = nil
  ) throws(RankingDataError) {
    count = log.count
    layout = transform.layout
    labelColumn = log.labels
    taskColumns = log.taskLabels
    weightColumn = log.weights
    offsets = log.offsets
    groups = log.users.codes
    requestColumn = log.requests.codes
    timestamps = log.timestamps
    items = log.items.codes
    histories = log.histories
    var report = FeatureReport()
    report.rows = log.count
    categorical = try Self.categorical(log, transform, &report)
    bags = try Self.bags(log, transform, &report)
    var numeric: [(transform: NumericTransform, values: NumberSource)] = []
    for field in transform.numeric {
      let values = try NumberSource(log, field.name)
      let missing = (0..<Int32(count)).count { field.isMissing(values[$0]) }
      report.add(missing: missing, of: field.name)
      numeric.append((field, values))
    }
    self.numeric = numeric
    var counters: [[Float]] = []
    for counter in transform.counters {
      counters += try counter.columns(log, transform.buckets, training: training)
    }
    self.counters = counters
    visualItems = log.items.values.map { visual?.row(of: $0) ?? -1 }
    visualLimit = transform.schema.visual.limit
    if layout.visual {
      let table = visualItems
      report.withoutImage = items.count { table[Int($0)] < 0 }
    }
    self.report = report
  }

  private static func categorical(
    _ log: ImpressionLog, _ transform: FeatureTransform, _ report: inout FeatureReport
  ) throws(RankingDataError) -> [IdColumn] {
    var columns: [IdColumn] = []
    for (field, vocabulary) in zip(transform.schema.categorical, transform.categorical) {
      let source = try TextSource(log, field.name)
      columns.append(.coded(source, field.name, vocabulary, &report))
    }
    for buckets in transform.buckets {
      let values = try NumberSource(log, buckets.name)
      report.add(
        missing: (0..<Int32(log.count)).count { values[$0].isNaN }, of: buckets.layoutName)
      columns.append(.buckets(values, buckets))
    }
    for cross in transform.crosses {
      let column = try CrossColumn(log, cross, transform.buckets)
      var missing = 0
      var unknown = 0
      for (row, known) in column.gather(Array(0..<Int32(log.count))[...]).enumerated()
      where known == 0 {
        if column.isMissing(Int32(row)) { missing += 1 } else { unknown += 1 }
      }
      report.add(missing: missing, unknown: unknown, of: cross.name)
      columns.append(.cross(column))
    }
    return columns
  }

  private static func bags(
    _ log: ImpressionLog, _ transform: FeatureTransform, _ report: inout FeatureReport
  ) throws(RankingDataError) -> [ListColumn] {
    var columns: [ListColumn] = []
    for (field, vocabulary) in zip(transform.schema.multiValued, transform.bags) {
      let column = try ListColumn(log, field) { vocabulary.row(of: $0) }
      columns.append(column)
      // Whoever is new has no history; that is nothing to complain about.
      if field.isHistory || field.historyAttribute != nil { continue }
      var (missing, unknown) = (0, 0)
      var bag = Bag()
      var ages: [Float] = []
      for row in 0..<Int32(log.count) {
        column.append(row, to: &bag, ages: &ages)
        if bag.values.isEmpty { missing += 1 } else { unknown += bag.values.count { $0 == 0 } }
        bag.removeAll()
        ages.removeAll(keepingCapacity: true)
      }
      report.add(missing: missing, unknown: unknown, of: field.name)
    }
    return columns
  }
}

extension CompiledLog {
  /// The label of each row. O(count).
  public var labels: [Float] { Array(labelColumn) }
  /// For each task beside the label, the label of each row; NaN where the row says nothing about it.
  /// O(count · tasks).
  public var taskLabels: [[Float]] { taskColumns.map(Array.init) }
  /// The weight of each row. O(count).
  public var weights: [Float] { Array(weightColumn) }
  /// The number of each row's request. O(count).
  public var requests: [Int32] { Array(requestColumn) }
}
