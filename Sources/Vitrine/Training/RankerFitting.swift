import Foundation
public import NeuralNetworks
public import Rankers
public import RankingData

/// Trains a ranker from a log and makes its bundle.
public struct RankerFitting: Sendable {
  /// The kind of model and its shape.
  public var specification: RankerSpecification
  /// How it is trained.
  public var training: RankerTraining
  /// What it reads.
  public var schema: RankingSchema
  /// What it learns from.
  public var data: DataSource
  /// Needed where the schema has visual features.
  public var features: VisualFeatures?

  /// A plan.
  public init(
    _ specification: RankerSpecification, _ training: RankerTraining, schema: RankingSchema,
    data: DataSource, features: VisualFeatures?
  ) {
    self.specification = specification
    self.training = training
    self.schema = schema
    self.data = data
    self.features = features
  }

  /// Trains, leaving the best epoch in the bundle. Vocabularies and scales come from the training
  /// rows alone.
  ///
  /// - Parameters:
  ///   - checkpoint: where to save after each epoch and to resume from, or nil.
  ///   - note: called with what is to be known about the data, once it is read.
  ///   - report: called after each epoch.
  public func run(
    checkpoint: Checkpoint? = nil, note: (String) -> Void = { _ in },
    report: (RankerEpoch) -> Void = { _ in }
  ) throws -> RankerBundle {
    if schema.visual.items, features == nil {
      throw VitrineError(
        "the schema has visual features, but there is no feature cache",
        remedy: "Pass --cache, set cache in the configuration, or remove visual from the schema.")
    }
    let (log, rows) = try data.load(schema)
    let transform = try FeatureTransform.fit(log, schema: schema, rows: rows.train)
    let compiled = try CompiledLog(log, transform: transform, visual: features?.table)
    note(Self.description(log, rows, compiled.report))
    let visual =
      schema.visual.items
      ? features.map { RankerInput.Visual(width: $0.table.width, version: $0.version) } : nil
    let ranker = try RankerRegistry.make(
      specification, input: RankerInput(layout: transform.layout, visual: visual),
      seed: training.seed)
    var ready = try features.map { try RankerBundle.attached(ranker, $0) } ?? ranker
    let record = try fit(
      &ready, RowSelection(rows.train, of: compiled),
      RowSelection(rows.validation, of: compiled),
      try checkpoint?.of(fingerprint(transform, rows)), report)
    return RankerBundle(
      ranker: ready, transform: transform, output: ready.output(of: training),
      training: TrainingSummary(
        record, examples: rows.train.count, metric: training.monitor.rawValue,
        isLoss: training.monitor == .logLoss, seed: training.seed),
      features: schema.visual.items ? features : nil)
  }

  /// A training may be given more epochs or patience when it goes on.
  private func fingerprint(
    _ transform: FeatureTransform, _ rows: TimeSplit.Rows
  ) throws -> TrainingFingerprint {
    var (course, defaults) = (training, RankerTraining())
    swap(&course.epochs, &defaults.epochs)
    swap(&course.patience, &defaults.patience)
    var fingerprint = TrainingFingerprint()
    try fingerprint.add(specification)
    try fingerprint.add(course)
    try fingerprint.add(transform)
    try fingerprint.add([rows.train.count, rows.validation.count])
    try fingerprint.add(features?.version)
    return fingerprint
  }

  private static func description(
    _ log: ImpressionLog, _ rows: TimeSplit.Rows, _ report: FeatureReport
  ) -> String {
    var parts = [
      "impressions: \(rows.train.count) to train on, \(rows.validation.count) to validate,"
        + " \(rows.test.count) to test"
    ]
    if log.itemsWithoutFeatures > 0 {
      parts.append("\(log.itemsWithoutFeatures) items are not in the catalogue")
    }
    if report.withoutImage > 0 { parts.append("\(report.withoutImage) without an image") }
    for (field, count) in report.missing.sorted(by: { $0.key < $1.key }) {
      parts.append("\(count) without \(field)")
    }
    return parts.joined(separator: "; ")
  }

  private func fit(
    _ ranker: inout any Ranker, _ rows: RowSelection<CompiledLog>,
    _ validation: RowSelection<CompiledLog>, _ checkpoint: Checkpoint?,
    _ report: (RankerEpoch) -> Void
  ) throws -> TrainingRecord {
    try ranker.fit(
      training: rows, validation: validation, plan: training, checkpoint: checkpoint,
      report: report)
  }
}
