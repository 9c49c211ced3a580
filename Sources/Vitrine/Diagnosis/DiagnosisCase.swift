import Foundation
import Rankers
import RankingData
import RankingEvaluation

/// What every check reads: the log, its parts, the model, and a column for each feature.
struct DiagnosisCase {
  let log: ImpressionLog
  let rows: SplitRows
  let bundle: RankerBundle
  let compiled: CompiledLog
  let features: [FeatureColumn]
  let seed: UInt64

  /// The most rows of a part that a check looks at, where a sample says as much.
  static let sample = 100_000

  init(_ file: TrainingFile, model: String, seed: UInt64) throws {
    let features = try file.cache.map(VisualFeatures.init(cache:))
    bundle = try RankerBundle(path: model, features: features)
    (log, rows) = try file.data.load(bundle.transform.schema)
    guard !rows.train.isEmpty, !rows.test.isEmpty else {
      throw VitrineError(
        "there are \(rows.train.count) training rows and \(rows.test.count) test rows",
        remedy: "A diagnosis compares the two: give both a share in data.split.")
    }
    compiled = try CompiledLog(
      log, transform: bundle.transform,
      visual: bundle.readsVisualFeatures ? bundle.features?.table : nil, training: rows.train)
    self.seed = seed
    self.features = try FeatureColumn.all(of: bundle.transform, log)
  }

  /// The transform's schema.
  var schema: RankingSchema { bundle.transform.schema }

  /// Rows at equal distances, in order.
  static func sampled(_ rows: [Int32], _ limit: Int = sample) -> [Int32] {
    guard rows.count > limit else { return rows }
    return (0..<limit).map { rows[$0 * rows.count / limit] }
  }

  /// Rows as the bundle scores them.
  func scored(_ rows: [Int32]) -> ScoredLog {
    ScoredLog(
      bundle, log, RowSelection(rows, of: compiled), compiled.layout)
  }

  /// 1 for a positive row, else 0.
  func classes(_ rows: [Int32]) -> [Float] {
    rows.map { isPositive(log.labels[Int($0)]) ? 1 : 0 }
  }

  /// Rows whose item the vocabulary holds, where that leaves any out; empty otherwise.
  func knownItems(_ rows: [Int32]) -> [Int32] {
    guard let field = compiled.layout.itemField else { return [] }
    let rows = Self.sampled(rows)
    let known = stride(from: 0, to: rows.count, by: 4096).flatMap { first in
      let block = rows[first..<min(first + 4096, rows.count)]
      return zip(block, compiled.batch(block).categorical[field]).filter { $1 > 0 }.map(\.0)
    }
    return known.count < rows.count ? known : []
  }
}
