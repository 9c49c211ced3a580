import NeuralNetworks
import RankingData

/// A step whose loss or gradient is not a number, with the rows it was about.
struct NotFiniteRows: Error, CustomStringConvertible {
  let epoch: Int
  let batch: Int
  let what: String
  /// Positions in the training rows.
  let rows: [Int32]
  /// What is odd about them, or nil.
  let finding: String?

  init(epoch: Int, batch: Int, what: String, rows: [Int32], of source: some RankingBatchSource) {
    (self.epoch, self.batch, self.what, self.rows) = (epoch, batch, what, rows)
    finding = Self.finding(rows, source.batch(rows[...]))
  }

  /// The first number that is not finite, or else the largest.
  private static func finding(_ rows: [Int32], _ batch: RankingBatch) -> String? {
    let columns: [(name: String, values: [Float], width: Int)] = [
      ("label", batch.labels, 1), ("weight", batch.weights, 1), ("offset", batch.offsets, 1),
      ("number", batch.numeric, batch.numericWidth),
    ]
    for column in columns {
      if let place = column.values.firstIndex(where: { !$0.isFinite }) {
        return "row \(rows[place / column.width]) has the \(column.name) \(column.values[place])"
          + (column.width > 1 ? " in column \(place % column.width) (from 0)" : "")
      }
    }
    guard
      let place = batch.numeric.indices.max(by: { abs(batch.numeric[$0]) < abs(batch.numeric[$1]) })
    else { return nil }
    return
      "every number of these rows is finite, and the largest is \(batch.numeric[place]), in row"
      + " \(rows[place / batch.numericWidth])"
  }

  var description: String {
    let shown = rows.prefix(8).map(String.init).joined(separator: ", ")
    let rest = rows.count > 8 ? " and \(rows.count - 8) more" : ""
    return
      "training stopped at epoch \(epoch), batch \(batch): the \(what) is not finite; the last good"
      + " parameters are kept. The batch holds the training rows \(shown)\(rest) (from 0)"
      + (finding.map { "; \($0)" } ?? "")
      + ". Lower learning_rate, set clip_norm, or scale large numbers in the schema"
  }
}
