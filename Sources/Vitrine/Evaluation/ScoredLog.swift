import Rankers
import RankingData

/// Rows of a log and what a model makes of them.
package struct ScoredLog: Sendable {
  /// In [0, 1], by row.
  package private(set) var labels: [Float] = []
  /// By row.
  package private(set) var logits: [Float] = []
  /// Dense user numbers, by row.
  package private(set) var users: [Int32] = []
  /// Dense request numbers, by row.
  package private(set) var requests: [Int32] = []
  /// Position of each row's item among all items by id, by row: what orders equal scores.
  package private(set) var itemOrder: [Int32] = []
  /// Share of rows whose item has no row in the vocabulary; nil where the model reads no items.
  package let unknownItems: Double?

  /// Scores rows in blocks, so that memory does not grow with the network's activations.
  init(
    _ ranker: any Ranker, _ log: ImpressionLog, _ rows: RowSelection<CompiledLog>,
    _ layout: FeatureLayout
  ) {
    var unknown = 0
    for first in stride(from: 0, to: rows.count, by: 4096) {
      let block = Array(Int32(first)..<Int32(min(first + 4096, rows.count)))
      let batch = rows.batch(block[...])
      logits += ranker.scores(of: batch)
      labels += batch.labels
      users += batch.groups
      requests += batch.requests
      if let field = layout.itemField { unknown += batch.categorical[field].count { $0 == 0 } }
    }
    unknownItems = layout.itemField.map { _ in Double(unknown) / Double(max(rows.count, 1)) }
    let values = Array(log.items.values)
    let sorted = values.indices.sorted {
      values[$0].utf8.lexicographicallyPrecedes(values[$1].utf8)
    }
    var places = [Int32](repeating: 0, count: values.count)
    for (place, code) in sorted.enumerated() { places[code] = Int32(place) }
    itemOrder = rows.rows.map { places[Int(log.items.codes[Int($0)])] }
  }
}
