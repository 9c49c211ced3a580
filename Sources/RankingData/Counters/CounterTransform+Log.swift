extension CounterTransform {
  /// Fits a counter to training rows.
  init(
    _ log: ImpressionLog, _ field: CounterField, _ buckets: [Buckets], rows: [Int32]
  ) throws(RankingDataError) {
    var columns = field.columns.map { _ in [Double]() }
    let pass = CounterPass(log: log, field: field, buckets: buckets)
    let levels = try pass.run(training: rows, rows: rows) { _, outputs in
      for (column, output) in outputs.enumerated() { columns[column].append(output) }
    }
    self.init(
      field: field, levels: levels,
      scales: zip(field.columns, columns).map { name, values in
        NumericTransform(field: .init(name: name, transform: field.transform), values: values)
      },
      end: rows.map { Double(log.timestamps[Int($0)]) }.max() ?? 0)
  }

  /// The scaled numbers of every row of a log, by column.
  /// - Parameter training: the rows that the counter was fitted to. Where they are not those, or
  ///   `nil`, every row is told what a request would be.
  func columns(
    _ log: ImpressionLog, _ buckets: [Buckets], training: [Int32]?
  ) throws(RankingDataError) -> [[Float]] {
    let pass = CounterPass(log: log, field: field, buckets: buckets)
    var columns = scales.map { _ in [Double](repeating: 0, count: log.count) }
    func write(_ row: Int32, _ outputs: [Double]) {
      for (column, output) in outputs.enumerated() { columns[column][Int(row)] = output }
    }
    var isTrainingLog = false
    if let training {
      let rows = Array(0..<Int32(log.count))
      isTrainingLog = try pass.run(training: training, rows: rows, write) == levels
    }
    if !isTrainingLog { try pass.asServed(self, write) }
    return zip(scales, columns).map { $0($1) }
  }
}
