import Rankers
import RankingData
import RankingEvaluation

/// Judges rankers by a log: AUC and log loss over impressions, GAUC over users, NDCG@10 over
/// requests with a positive label. Every row counts alike; equal scores are ordered by item id, as
/// `RequestRanker` orders them.
///
/// Intervals come from 1000 resamples of users, because what one user does is not independent.
public struct RankerJudge {
  private let data: DataSource
  private let part: DataSource.Part
  private let features: VisualFeatures?

  /// A judge of one part of a log.
  public init(data: DataSource, part: DataSource.Part, features: VisualFeatures?) {
    self.data = data
    self.part = part
    self.features = features
  }

  /// Judges a bundle, against another one if given. The log is read once.
  /// - Throws: `VitrineError` where the two read different columns, an error naming file and line
  ///   for the log, and `EvaluationError` where the part is empty or a score is not finite.
  public func report(on bundle: RankerBundle, against other: RankerBundle?) throws -> RankerReport {
    let schema = bundle.transform.schema
    if let other, other.transform.schema.reserved != schema.reserved {
      throw VitrineError(
        "the two models read different columns"
          + " (\(other.transform.schema.reserved.joined(separator: ", ")) and"
          + " \(schema.reserved.joined(separator: ", "))) and cannot be compared",
        remedy: "Compare models trained on the same label, request, user, item and time.")
    }
    let (log, rows) = try data.load(schema)
    let scored = try score(bundle, log, rows[part])
    let baseline = try other.map { try score($0, log, rows[part]) }
    return RankerReport(
      rows: scored.labels.count, users: Set(scored.users).count,
      unknownItems: scored.unknownItems, requestsWithoutPositive: scored.requestsWithoutPositive,
      impressionsWithoutPair: try scored.impressionsWithoutPair(),
      metrics: try scored.metrics(), differences: try baseline.map(scored.differences) ?? [])
  }

  /// The rows of this part as a bundle scores them.
  package func scores(of bundle: RankerBundle) throws -> ScoredLog {
    let (log, rows) = try data.load(bundle.transform.schema)
    return try score(bundle, log, rows[part])
  }

  /// Loads a bundle and gives it the features it wants.
  package func load(_ path: String) throws -> RankerBundle {
    try RankerBundle(path: path, features: features)
  }

  private func score(
    _ bundle: RankerBundle, _ log: ImpressionLog, _ rows: [Int32]
  ) throws -> ScoredLog {
    let compiled = try CompiledLog(
      log, transform: bundle.transform,
      visual: bundle.readsVisualFeatures ? bundle.features?.table : nil)
    return ScoredLog(bundle.ranker, log, RowSelection(rows, of: compiled), compiled.layout)
  }
}
