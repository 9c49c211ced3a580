import Rankers
import RankingData
import RankingEvaluation

/// Judges rankers by a log: by its rows, its users and its requests. Rows count by their weights
/// where the schema names a column of them, requests count alike; equal scores are ordered by item
/// id, as `RequestRanker` orders them. What a log gives no meaning to is left out with a reason.
///
/// Intervals come from 1000 resamples of users, because what one user does is not independent.
public struct RankerJudge {
  private let data: DataSource
  private let part: DataSource.Part
  private let features: VisualFeatures?
  /// Judges impressions of these items only; nil for all.
  public var items: Set<String>?
  /// What is measured, and by which conventions.
  public var judgement = RankerJudgement()

  /// A judge of one part of a log.
  public init(data: DataSource, part: DataSource.Part, features: VisualFeatures?) {
    self.data = data
    self.part = part
    self.features = features
  }

  /// Judges a bundle, against another one if given. The log is read once.
  /// - Throws: as the other method.
  public func report(on bundle: RankerBundle, against other: RankerBundle?) throws -> RankerReport {
    try report(on: [bundle], against: other.map { [$0] } ?? [])
  }

  /// Judges trainings of one model, usually with different seeds, by their means, against those of
  /// another one if given. Intervals come from users and do not hold the spread over trainings, which
  /// stands beside them.
  /// - Throws: `VitrineError` where they read different columns, an error naming file and line
  ///   for the log, and `EvaluationError` where the part is empty or a score is not finite.
  public func report(
    on bundles: [RankerBundle], against others: [RankerBundle]
  ) throws -> RankerReport {
    guard let schema = bundles.first?.transform.schema else {
      throw VitrineError("there is no model to judge", remedy: "Name at least one bundle.")
    }
    for other in bundles + others where other.transform.schema.reserved != schema.reserved {
      throw VitrineError(
        "the models read different columns"
          + " (\(other.transform.schema.reserved.joined(separator: ", ")) and"
          + " \(schema.reserved.joined(separator: ", "))) and cannot be compared",
        remedy: "Compare models trained on the same label, request, user, item and time.")
    }
    let (log, rows) = try data.load(schema)
    let judged = try chosen(rows[part], of: log)
    guard !judged.isEmpty else {
      throw VitrineError(
        "there are no impressions in the part \(part.rawValue)",
        remedy: "Give it a share in data.split, or choose another --part.")
    }
    let scored = try bundles.map { try score($0, log, judged, training: rows.train) }
    let baseline = try others.map { try score($0, log, judged, training: rows.train) }
    let measures = try LogMeasures(scored, against: [], judgement)
    let differences =
      try baseline.isEmpty
      ? nil : LogMeasures(scored, against: baseline, judgement)
    let first = scored[0]
    let groups = try judgement.groupedBy.map { name in
      try GroupJudgement(column: log.text(name), rows: judged, judgement: judgement)
        .groups(scored)
    }
    return RankerReport(
      rows: first.labels.count, users: Set(first.users).count,
      requests: Set(first.requests).count, weighted: first.unequalWeights != nil,
      unknownItems: first.unknownItems,
      requestsWithoutPositive: first.requestsWithoutPositive,
      impressionsWithoutPair: try first.impressionsWithoutPair(),
      conventions: "\(judgement.conventions)", metrics: try measures.estimates(),
      differences: try differences?.estimates() ?? [],
      leftOut: differences?.leftOut ?? measures.leftOut, groups: groups ?? [],
      tasks: try TaskJudgement(judgement).tasks(of: scored, against: baseline),
      calibration: try measures.calibration())
  }

  private func chosen(_ rows: [Int32], of log: ImpressionLog) throws -> [Int32] {
    guard let items else { return rows }
    let isWanted = log.items.values.map(items.contains)
    let chosen = rows.filter { isWanted[Int(log.items.codes[Int($0)])] }
    guard !chosen.isEmpty else {
      throw VitrineError(
        "none of the \(rows.count) impressions of this part shows one of the \(items.count) items",
        remedy: "Check the ids, or choose another --part.")
    }
    return chosen
  }

  /// The rows of this part as a bundle scores them.
  package func scores(of bundle: RankerBundle) throws -> ScoredLog {
    let (log, rows) = try data.load(bundle.transform.schema)
    return try score(bundle, log, rows[part], training: rows.train)
  }

  /// Loads a bundle and gives it the features it wants.
  package func load(_ path: String) throws -> RankerBundle {
    try RankerBundle(path: path, features: features)
  }

  private func score(
    _ bundle: RankerBundle, _ log: ImpressionLog, _ rows: [Int32], training: [Int32]
  ) throws -> ScoredLog {
    let compiled = try CompiledLog(
      log, transform: bundle.transform,
      visual: bundle.readsVisualFeatures ? bundle.features?.table : nil, training: training)
    return ScoredLog(
      bundle, log, RowSelection(rows, of: compiled), compiled.layout)
  }
}
