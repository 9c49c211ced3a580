import Rankers
import RankingData

/// A log as a ranker reads it: loaded once for any number of trainings. Vocabularies and scales come
/// from the training rows alone.
struct FittingData: Sendable {
  let log: ImpressionLog
  var rows: SplitRows
  let transform: FeatureTransform
  let compiled: CompiledLog
  /// Rows of the log before the drawn ones.
  let shownCount: Int
  /// What a ranker is built for.
  let input: RankerInput
  /// What was drawn and left out, where negatives are asked for.
  let negatives: TrainingNegatives?

  /// - Throws: `VitrineError` where the schema has visual features and there are none, and what
  ///   reading the log throws.
  init(schema: RankingSchema, data: DataSource, features: VisualFeatures?) throws {
    if schema.visual.items, features == nil {
      throw VitrineError(
        "the schema has visual features, but there is no feature cache",
        remedy: "Pass --cache, set cache in the configuration, or remove visual from the schema.")
    }
    let (shown, parts) = try data.load(schema)
    shownCount = shown.count
    transform = try FeatureTransform.fit(shown, schema: schema, rows: parts.train)
    if let plan = data.negatives {
      let negatives = TrainingNegatives(plan, shown, parts)
      (log, rows) = (negatives.log, parts)
      rows.train = negatives.training
      self.negatives = negatives
    } else {
      (log, rows, negatives) = (shown, parts, nil)
    }
    compiled = try CompiledLog(
      log, transform: transform, visual: features?.table, training: parts.train)
    let visual =
      schema.visual.items
      ? features.map { RankerInput.Visual(width: $0.table.width, version: $0.version) } : nil
    input = RankerInput(layout: transform.layout, visual: visual)
  }

  /// What is to be known about the data.
  var description: String {
    var parts = [
      "impressions: \(rows.train.count) to train on, \(rows.validation.count) to validate,"
        + " \(rows.test.count) to test"
    ]
    if log.itemsWithoutFeatures > 0 {
      parts.append("\(log.itemsWithoutFeatures) items are not in the catalogue")
    }
    let report = compiled.report
    if report.withoutImage > 0 { parts.append("\(report.withoutImage) without an image") }
    for (field, count) in report.missing.sorted(by: { $0.key < $1.key }) {
      parts.append("\(count) without \(field)")
    }
    if let negatives { parts.append(negatives.description) }
    return parts.joined(separator: "; ")
  }
}
