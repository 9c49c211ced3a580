import FeatureCache
import NeuralNetworks
import Rankers
import RankingData
import VisualEncoder

/// Writes what a joint training made: the encoder, the lookup table that the shipped extraction fills
/// with it, and the ranker, tied to that table's version.
struct JointShipment {
  let data: JointData
  let record: TrainingRecord

  /// The folder appears complete or not at all; what stood there is replaced as a whole.
  func write(
    _ weights: EncoderWeights, _ parameters: ParameterList, to output: String
  ) throws -> JointTraining.Summary {
    let training = data.plan.training
    let summary = TrainingSummary(
      record, examples: data.training.count, metric: training.monitor.rawValue,
      isLoss: training.monitor.isLoss, seed: training.seed)
    var result: JointTraining.Summary?
    try BundleFolder.create(output) { folder in
      let bundle = try EncoderBundle.create(
        at: "\(folder)/\(JointBundle.encoderFolder)", configuration: data.start.configuration,
        weights: weights, training: description(summary))
      let features = try table(bundle, "\(folder)/\(JointBundle.cacheFolder)")
      let ranker = try data.ranker(version: features.version)
      ParameterList(ranker).restore(parameters.snapshot())
      try RankerBundle(
        ranker: ranker, transform: data.transform, output: ranker.output(of: training),
        training: summary
      )
      .save(to: "\(folder)/\(JointBundle.rankerFolder)")
      try JointBundle(of: folder, features: features.version).write(to: folder)
      result = JointTraining.Summary(
        training: summary, vectors: data.images.count, items: features.table.count,
        features: features.version,
        validation: try quality(of: RankerBundle.attached(ranker, features), features))
    }
    guard let result else { preconditionFailure("the folder was written") }
    return result
  }

  private func description(_ summary: TrainingSummary) -> String {
    let best = summary.record.best
    let metrics = summary.metrics.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return "joint training with \(data.plan.specification.kind) on \(summary.examples)"
      + " impressions, seed \(summary.seed), epoch \(best?.epoch ?? 0) of"
      + " \(summary.record.epochs.count): " + metrics.joined(separator: ", ")
  }

  /// Fills a cache by the pipeline that will fill it for new items, too.
  private func table(_ bundle: EncoderBundle, _ path: String) throws -> VisualFeatures {
    let pipeline = ExtractionPipeline(bundle)
    do {
      let cache = try pipeline.openCache(
        at: path, elementType: data.plan.storage == .float16 ? .float16 : .float32)
      _ = try pipeline.run(data.items, into: cache)
    }
    return try VisualFeatures(cache: path)
  }

  /// On the validation rows, through the table as it is stored.
  private func quality(of ranker: any Ranker, _ features: VisualFeatures) throws -> RankerQuality {
    func measured(_ ranker: some Ranker) throws -> RankerQuality {
      try RankerQuality(
        of: ranker,
        on: TranslatedRows(data.validation, from: data.images, to: features.table),
        plan: data.plan.training)
    }
    return try measured(ranker)
  }
}

/// Rows of a log compiled for the image collection, read with the rows of a cache's table.
private struct TranslatedRows: RankingBatchSource {
  let source: RowSelection<CompiledLog>
  /// The table's row of each of the collection's.
  let translation: [Int32]

  init(
    _ source: RowSelection<CompiledLog>, from images: ImageCollection, to table: VisualTable
  ) {
    self.source = source
    translation = images.ids.map { table.row(of: $0) }
  }

  var count: Int { source.count }
  var labels: [Float] { source.labels }
  var weights: [Float] { source.weights }
  var taskLabels: [[Float]] { source.taskLabels }
  var requests: [Int32] { source.requests }

  func batch(_ rows: ArraySlice<Int32>) -> RankingBatch {
    var batch = source.batch(rows)
    batch.visualRows = batch.visualRows.map { $0 < 0 ? -1 : translation[Int($0)] }
    batch.visualHistory.values = batch.visualHistory.values.map {
      $0 < 0 ? -1 : translation[Int($0)]
    }
    return batch
  }
}
