extension FeatureTransform {
  /// Fits vocabularies and scales to training rows, and to those alone.
  /// - Parameter rows: the training rows; all when `nil`.
  /// - Throws: `RankingDataError` naming a missing column or an unreadable value.
  public static func fit(
    _ log: ImpressionLog, schema: RankingSchema, rows: [Int32]? = nil
  ) throws(RankingDataError) -> FeatureTransform {
    let rows = rows ?? Array(0..<Int32(log.count))
    var categorical: [Vocabulary] = []
    for field in schema.categorical {
      categorical.append(
        Vocabulary(
          counts: count(try log.text(field.name), rows) { [$0] },
          minimumCount: field.minimumCount))
    }
    var bags: [Vocabulary?] = []
    for field in schema.multiValued {
      if sharesItems(field, schema) {
        bags.append(nil)
        continue
      }
      let counts: [String: Int]
      if field.isHistory {
        let clicked = rows.filter { isPositive(log.labels[Int($0)]) }
        counts = count(log.items, clicked) { [$0] }
      } else {
        counts = count(try log.text(field.name), rows) { field.split($0) }
      }
      bags.append(Vocabulary(counts: counts, minimumCount: field.minimumCount))
    }
    var numeric: [NumericTransform] = []
    for field in schema.numeric {
      let values = try log.numbers(field.name)
      if field.transform == .log, let row = rows.first(where: { values[Int($0)] < 0 }) {
        throw log.failure(
          .badValue, row: Int(row), column: field.name,
          "\(values[Int(row)]) is negative and has no logarithm.",
          "Use the transform standardize, or correct the value.")
      }
      let fitted = NumericTransform(
        field: field, values: rows.lazy.map { values[Int($0)].isNaN ? nil : values[Int($0)] })
      guard fitted.mean.isFinite, fitted.scale.isFinite else {
        let row = rows.max { abs(values[Int($0)]) < abs(values[Int($1)]) } ?? 0
        throw log.failure(
          .badValue, row: Int(row), column: field.name,
          "\(values[Int(row)]) is so large that the column has no standard deviation.",
          "Leave the cell empty where the value is unknown.")
      }
      numeric.append(fitted)
    }
    return FeatureTransform(schema: schema, categorical: categorical, bags: bags, numeric: numeric)
  }

  private static func count(
    _ column: Table.TextColumn, _ rows: [Int32], _ ids: (String) -> [String]
  ) -> [String: Int] {
    var byCode = [Int](repeating: 0, count: column.values.count)
    for row in rows { byCode[Int(column.codes[Int(row)])] += 1 }
    var counts: [String: Int] = [:]
    for (code, count) in byCode.enumerated() where count > 0 {
      for id in ids(column.values[code]) { counts[id, default: 0] += count }
    }
    return counts
  }
}

extension MultiValuedField {
  /// The ids of a CSV cell.
  func split(_ cell: String) -> [String] { ids(cell.split(separator: separator)) }

  /// Ids without the spaces around them, up to the limit; never an empty id.
  func ids(_ parts: some Sequence<some StringProtocol>) -> [String] {
    var ids: [String] = []
    for part in parts where ids.count < limit {
      let trimmed = part.drop { $0 == " " }
      let end = trimmed.lastIndex { $0 != " " }.map(trimmed.index(after:)) ?? trimmed.startIndex
      if end > trimmed.startIndex { ids.append(String(trimmed[..<end])) }
    }
    return ids
  }
}
