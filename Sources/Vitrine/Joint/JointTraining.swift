import Foundation
import Images
public import NeuralNetworks
public import Rankers
import RankingData
import Tensors
import VisualEncoder

/// Trains an encoder together with a ranker by the click loss, and ships both with the lookup table
/// of all vectors: `vitrine encoder train` with the objective `clicks`.
///
/// The reference is CSCNN (Liu et al., KDD 2020): the encoder is told an item's category in every
/// block, runs once for each distinct image of a batch, and never runs in serving.
public struct JointTraining: Sendable {
  private let plan: JointTrainingFile

  /// A training by a plan.
  public init(_ plan: JointTrainingFile) { self.plan = plan }

  /// What was trained.
  public struct Summary: Sendable, Codable {
    /// The ranker's record; the encoder's is the same.
    public var training: TrainingSummary
    /// Rows of the lookup table: distinct images, and categories where the encoder looks at them.
    public var vectors: Int
    /// Items with a vector.
    public var items: Int
    /// What the vectors are known by.
    public var features: String
    /// How well the shipped ranker does on the validation rows with the table as it was stored.
    public var validation: RankerQuality
  }

  /// Trains and writes one folder: `encoder`, `cache`, `ranker`, and `joint.json`, which ties them
  /// together; and, beside the folder, learning curves as `OUTPUT.curves.svg`. A task that is cancelled stops within one batch; the checkpoint then holds the
  /// finished epochs.
  ///
  /// - Parameters:
  ///   - checkpoint: a file that is written after each epoch and removed at the end.
  ///   - resume: whether to go on from it; the result has the same bits as without a stop.
  ///   - say: receives a line about the data, and one an epoch.
  ///   - progress: called after each step.
  /// - Throws: `CancellationError`, and errors that name the file, line, key or tensor at fault.
  public func run(
    output: String, checkpoint path: String, resume: Bool, say: (String) -> Void = { _ in },
    progress: (StepRecord) -> Void = { _ in }
  ) throws -> Summary {
    try run(
      output: output, checkpoint: path, resume: resume, say: say, progress: progress
    ) { epoch in
      say(
        "epoch \(epoch.epoch): loss \(epoch.loss.digits), validation AUC"
          + " \(epoch.validation.auc.digits), log loss \(epoch.validation.logLoss.digits),"
          + " \(Int(epoch.imagesPerSecond)) images/s")
    }
  }

  /// The same, reporting epochs as values.
  public func run(
    output: String, checkpoint path: String, resume: Bool, say: (String) -> Void,
    progress: (StepRecord) -> Void = { _ in }, report: (JointEpoch) -> Void
  ) throws -> Summary {
    try plan.check { VitrineError($0, remedy: $1) }
    let checkpoint = Checkpoint(path: path, resume: resume)
    checkpoint.removeLeftovers()
    let catalogue = plan.data.catalogue ?? ""
    let (log, rows) = try plan.data.load(plan.schema)
    let items = try ImageList.read(catalogue)
    let start = try plan.encoder.start(categories: Set(items.compactMap(\.category)).sorted())
    let images = try ImageCollection(items, for: start.configuration, path: catalogue)
    let transform = try FeatureTransform.fit(log, schema: plan.schema, rows: rows.train)
    let compiled = try CompiledLog(
      log, transform: transform,
      visual: VisualTable(rows: images.rows, ids: images.ids, width: 0, vectors: []))
    let data = JointData(
      plan: plan, start: start, images: images, items: items, transform: transform,
      training: RowSelection(rows.train, of: compiled),
      validation: RowSelection(rows.validation, of: compiled))
    data.describe(say)
    let ranker = try data.ranker(version: JointData.unfinished)
    let course = checkpoint.of(try data.fingerprint())
    var steps: [StepRecord] = []
    let summary = try train(
      ranker, data, course, output,
      eachStep: { step in
        steps.append(step)
        progress(step)
      }, report)
    let curves = LearningCurves(
      summary.training.record, steps: steps, title: "Joint training",
      score: plan.training.monitor == .auc ? "validation AUC" : "negative validation log loss")
    try BundleFolder.write(Data(curves.svg().utf8), to: output + ".curves.svg")
    checkpoint.remove()
    return summary
  }

  private func train<Model: NeuralRanker>(
    _ ranker: Model, _ data: JointData, _ checkpoint: Checkpoint, _ output: String,
    eachStep: (StepRecord) -> Void, _ report: (JointEpoch) -> Void
  ) throws -> Summary {
    let encoder = EncoderNetwork(
      data.start.configuration, weights: data.start.weights, batchNorm: plan.encoder.batchNorm,
      arithmetic: plan.encoder.arithmetic)
    let course = JointCourse(
      data: data,
      model: JointModel(
        encoder: encoder, ranker: ranker,
        augmenter: Augmenter(
          plan.augmentation, for: data.start.configuration.preprocessing),
        seed: plan.training.seed))
    let record = try course.run(checkpoint: checkpoint, eachStep: eachStep, report: report)
    return try JointShipment(data: data, record: record)
      .write(encoder.encoderWeights(), ParameterList(ranker), to: output)
  }
}

extension Double {
  /// Four decimals.
  fileprivate var digits: String {
    let scaled = (self * 10_000).rounded() / 10_000
    return scaled.isFinite ? "\(scaled)" : "\(self)"
  }
}
