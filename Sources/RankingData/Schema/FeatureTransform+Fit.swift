extension FeatureTransform {
  /// Fits vocabularies, scales and counters to training rows, and to those alone.
  /// - Parameter rows: the training rows; all when `nil`.
  /// - Throws: `RankingDataError` naming a missing column or an unreadable value.
  public static func fit(
    _ log: ImpressionLog, schema: RankingSchema, rows: [Int32]? = nil
  ) throws(RankingDataError) -> FeatureTransform {
    let rows = rows ?? Array(0..<Int32(log.count))
    var schema = try schema.resolved(columns: log.columnNames)
    try schema.alignHistories()
    if schema.timestamp == nil, let field = schema.fieldThatNeedsTimes {
      throw RankingDataError(
        .badValue, problem: "\(field) needs to know what was earlier, but there are no timestamps.",
        remedy: "Name the column with the times, or remove the field.")
    }
    var categorical: [Vocabulary] = []
    for field in schema.categorical {
      let source = try TextSource(log, field.name)
      categorical.append(
        field.hash.map(Vocabulary.init(hashRows:))
          ?? vocabulary(source, minimumCount: field.minimumCount, rows))
    }
    var bags: [Vocabulary?] = []
    for field in schema.multiValued {
      bags.append(
        schema.sharedField(of: field) == nil ? try vocabulary(log, field, rows) : nil)
    }
    var numeric: [NumericTransform] = []
    for field in schema.numbers { numeric.append(try scale(log, field, rows)) }
    var buckets: [Buckets] = []
    for field in schema.buckets {
      guard let rule = field.buckets else { continue }
      let values = try NumberSource(log, field.name)
      buckets.append(Buckets(name: field.name, rule: rule, values: rows.lazy.map { values[$0] }))
    }
    var crosses: [CrossTransform] = []
    for field in schema.crosses { crosses.append(try cross(log, field, buckets, rows)) }
    var counters: [CounterTransform] = []
    for field in schema.counters {
      counters.append(try CounterTransform(log, field, buckets, rows: rows))
    }
    return FeatureTransform(
      schema: schema, categorical: categorical, bags: bags, numeric: numeric, buckets: buckets,
      crosses: crosses, counters: counters)
  }

  private static func vocabulary(
    _ source: TextSource, minimumCount: Int, _ rows: some Sequence<Int32>
  ) -> Vocabulary {
    var counts = [Int](repeating: 0, count: source.texts.count)
    for row in rows {
      let place = source.place(row)
      if place >= 0 { counts[Int(place)] += 1 }
    }
    let byText = counts.indices.lazy.filter { counts[$0] > 0 }.map {
      (source.texts[$0], counts[$0])
    }
    return Vocabulary(
      counts: Dictionary(byText, uniquingKeysWith: +), minimumCount: minimumCount)
  }

  private static func vocabulary(
    _ log: ImpressionLog, _ field: MultiValuedField, _ rows: [Int32]
  ) throws(RankingDataError) -> Vocabulary {
    if field.isHistory {
      // Every item that was clicked, in whatever order its users came back.
      let clicked = rows.lazy.filter { isPositive(log.labels[Int($0)]) }
      return vocabulary(
        TextSource(log.items), minimumCount: field.minimumCount, clicked)
    }
    var numbers: [String: Int32] = [:]
    var ids: [String] = []
    func number(_ id: String) -> Int32 {
      if let number = numbers[id] { return number }
      numbers[id] = Int32(ids.count)
      ids.append(id)
      return Int32(ids.count - 1)
    }
    let column = try ListColumn(log, field, row: number)
    if let hash = field.hash { return Vocabulary(hashRows: hash) }
    var counts = [Int](repeating: 0, count: ids.count)
    var bag = Bag()
    var ages: [Float] = []
    for row in rows {
      column.append(row, to: &bag, ages: &ages)
      for id in bag.values { counts[Int(id)] += 1 }
      bag.removeAll()
      ages.removeAll(keepingCapacity: true)
    }
    return Vocabulary(
      counts: Dictionary(zip(ids, counts), uniquingKeysWith: +), minimumCount: field.minimumCount)
  }

  private static func cross(
    _ log: ImpressionLog, _ field: CrossField, _ buckets: [Buckets], _ rows: [Int32]
  ) throws(RankingDataError) -> CrossTransform {
    var keys = try KeyNumbers(log, field.fields, buckets)
    if let hash = field.hash {
      return CrossTransform(fields: field.fields, vocabulary: Vocabulary(hashRows: hash))
    }
    var counts: [Int] = []
    for row in rows {
      let key = keys.number(row)
      if key < 0 { continue }
      if Int(key) == counts.count { counts.append(0) }
      counts[Int(key)] += 1
    }
    let ids = counts.indices.map { CrossTransform.id(keys.parts(of: Int32($0))) ?? "" }
    return CrossTransform(
      fields: field.fields,
      vocabulary: Vocabulary(
        counts: Dictionary(zip(ids, counts), uniquingKeysWith: +),
        minimumCount: field.minimumCount))
  }

  private static func scale(
    _ log: ImpressionLog, _ field: NumericField, _ rows: [Int32]
  ) throws(RankingDataError) -> NumericTransform {
    let values = try NumberSource(log, field.name)
    if field.transform == .log, let row = rows.first(where: { values[$0] < 0 }) {
      throw log.failure(
        .badValue, row: Int(row), column: field.name,
        "\(values[row]) is negative and has no logarithm.",
        "Use the transform standardize, or correct the value.")
    }
    let fitted = NumericTransform(field: field, values: rows.lazy.map { values[$0] })
    guard fitted.mean.isFinite, fitted.scale.isFinite else {
      let row = rows.max { abs(values[$0]) < abs(values[$1]) } ?? 0
      throw log.failure(
        .badValue, row: Int(row), column: field.name,
        "\(values[row]) is so large that the column has no standard deviation.",
        "Leave the cell empty where the value is unknown.")
    }
    return fitted
  }
}
