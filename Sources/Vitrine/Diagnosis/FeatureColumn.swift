import RankingData

/// A feature of the schema, as checks that compare rows see it.
struct FeatureColumn {
  /// Where its values come from.
  enum Source {
    /// A code for each row, and what it means.
    case ids(Table.TextColumn)
    /// A number for each row; NaN is missing.
    case numbers(Column<Double>)
    /// A list of the batches.
    case bag(Int)
    /// A number of the batches that a counter gives.
    case counter(Int)
  }

  let name: String
  let source: Source
  /// Whether it says who, what or which request: what training and test differ in by design.
  var isIdentity = false
  /// Whether it grows with time by itself: histories and counts.
  var growsByItself = false

  /// The features of a transform, crosses left out: their parts are there.
  static func all(of transform: FeatureTransform, _ log: ImpressionLog) throws -> [FeatureColumn] {
    let schema = transform.schema
    var features: [FeatureColumn] = []
    for field in schema.categorical {
      features.append(
        FeatureColumn(
          name: field.name, source: .ids(try log.text(field.name)),
          isIdentity: schema.roles.contains(field.name)))
    }
    for name in Set(schema.numeric.map(\.name)).sorted() {
      features.append(
        FeatureColumn(
          name: name, source: .numbers(try log.numbers(name)),
          isIdentity: schema.roles.contains(name)))
    }
    for (index, field) in schema.multiValued.enumerated() {
      features.append(
        FeatureColumn(
          name: field.name, source: .bag(index),
          growsByItself: field.isHistory || field.historyAttribute != nil
            || field.times != nil))
    }
    let counters = transform.counters.flatMap(\.field.columns)
    let first = transform.layout.numeric.count - counters.count
    for (index, name) in counters.enumerated() {
      features.append(
        FeatureColumn(name: name, source: .counter(first + index), growsByItself: true))
    }
    return features
  }

  /// Numbers of some rows: of a numeric column, of a counter, or a list's length.
  func numbers(_ rows: [Int32], _ compiled: CompiledLog) -> [Double]? {
    switch source {
    case .ids: return nil
    case .numbers(let column): return rows.map { column[Int($0)] }
    case .bag(let index):
      return gathered(rows, compiled) { batch in
        let bag = batch.bags[index]
        return (0..<batch.count).map { Double(bag[$0].count) }
      }
    case .counter(let index):
      return gathered(rows, compiled) { batch in
        (0..<batch.count).map { Double(batch.numeric[$0 * batch.numericWidth + index]) }
      }
    }
  }

  /// The lists of some rows, as vocabulary rows; nil for what is no list.
  func lists(_ rows: [Int32], _ compiled: CompiledLog) -> [[Int32]]? {
    guard case .bag(let index) = source else { return nil }
    return gathered(rows, compiled) { batch in
      (0..<batch.count).map { Array(batch.bags[index][$0]) }
    }
  }

  /// Batches are gathered in blocks, so that memory does not grow with the rows.
  private func gathered<Value>(
    _ rows: [Int32], _ compiled: CompiledLog, _ values: (RankingBatch) -> [Value]
  ) -> [Value] {
    stride(from: 0, to: rows.count, by: 4096).flatMap { first in
      values(compiled.batch(rows[first..<min(first + 4096, rows.count)]))
    }
  }
}
