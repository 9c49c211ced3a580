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
  /// What a network starts from; nil for drawn weights.
  public var warmStart: WarmStart?

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
  ///   - progress: called after each step of a network.
  public func run(
    checkpoint: Checkpoint? = nil, note: (String) -> Void = { _ in },
    report: (RankerEpoch) -> Void = { _ in }, progress: (RankerProgress) -> Void = { _ in }
  ) throws -> RankerBundle {
    let data = try FittingData(schema: schema, data: data, features: features)
    note(data.description)
    return try run(on: data, checkpoint: checkpoint, note: note, report: report, progress: progress)
  }

  /// The same on data that was read already, by this plan's schema.
  func run(
    on data: FittingData, checkpoint: Checkpoint? = nil, note: (String) -> Void = { _ in },
    report: (RankerEpoch) -> Void = { _ in }, progress: (RankerProgress) -> Void = { _ in }
  ) throws -> RankerBundle {
    let ranker = try RankerRegistry.make(specification, input: data.input, seed: training.seed)
    var ready = try features.map { try RankerBundle.attached(ranker, $0) } ?? ranker
    var training = training
    let taken = try warmStart?.start(&ready, data, &training)
    for line in taken?.lines ?? [] { note(line) }
    let scenes = try training.scene.map { try TrainingScenes($0, training.sceneWeights, data) }
    if let scenes { note(scenes.description) }
    let place = try checkpoint?.of(fingerprint(data, taken))
    let judged = RowSelection(data.judgedRows, of: data.compiled)
    var qualities: [Int: RankerQuality] = [:]
    func fit(_ rows: some RankingBatchSource) throws -> TrainingRecord {
      try ready.fit(
        training: rows, validation: judged, plan: training, checkpoint: place, progress: progress,
        report: {
          qualities[$0.epoch] = $0.validation
          report($0)
        })
    }
    let rows = RowSelection(data.rows.train, of: data.compiled)
    let record =
      try scenes.map { try fit(ReweightedRows(rows, factors: $0.factors)) } ?? fit(rows)
    var summary = TrainingSummary(
      record, examples: data.rows.train.count, metric: training.monitor.rawValue,
      isLoss: training.monitor.isLoss, seed: training.seed)
    summary.warmStart = taken
    let held = HeldOutScores(ready.prepared(), data)
    for (source, auc) in try held.areas() { summary.metrics["validation_auc_\(source)"] = auc }
    let kept = record.best.flatMap { qualities[$0.epoch] }
    for task in try kept?.tasks ?? taskQualities(ready, judged) {
      summary.metrics["validation_\(task.name)_auc"] = task.auc
      summary.metrics["validation_\(task.name)_log_loss"] = task.logLoss
      summary.metrics["validation_\(task.name)_gate_entropy"] = task.gateEntropy
    }
    return RankerBundle(
      ranker: ready, transform: data.transform, output: ready.output(of: training),
      calibration: held.calibration(training, output: ready.output(of: training), note),
      training: summary,
      features: schema.visual.items ? features : nil)
  }

  /// How the kept epoch does on each task, where no epoch of this run told: one before an
  /// interruption was the best. Nothing for rankers of one task.
  private func taskQualities(
    _ ranker: any Ranker, _ rows: RowSelection<CompiledLog>
  ) throws -> [TaskQuality] {
    guard ranker is any MultiTaskRanker else { return [] }
    return try RankerQuality(of: ranker, on: rows, plan: training).tasks ?? []
  }

  /// A training may be given more patience when it goes on, and more epochs where its learning rates do
  /// not depend on their number.
  private func fingerprint(
    _ data: FittingData, _ taken: WarmStartReport?
  ) throws -> TrainingFingerprint {
    var (course, defaults) = (training, RankerTraining())
    if !course.schedule.dependsOnEpochs { swap(&course.epochs, &defaults.epochs) }
    swap(&course.patience, &defaults.patience)
    var fingerprint = TrainingFingerprint()
    try fingerprint.add(specification)
    try fingerprint.add(course)
    try fingerprint.add(data.transform)
    try fingerprint.add([data.rows.train.count, data.rows.validation.count])
    try fingerprint.add(features?.version)
    try fingerprint.add(data.negatives?.plan)
    try fingerprint.add(taken)
    try fingerprint.add(warmStart?.freezeEpochs)
    return fingerprint
  }
}
