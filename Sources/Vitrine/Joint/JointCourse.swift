import NeuralNetworks
import Rankers
import RankingData
import Tensors
import VisualEncoder

/// One finished epoch of a joint training.
public struct JointEpoch: Sendable, Hashable, Codable {
  /// Counted from 1.
  public var epoch: Int
  /// Mean training loss of the epoch's steps.
  public var loss: Double
  /// Over the validation rows, with the vectors of this epoch's encoder.
  public var validation: RankerQuality
  /// Images through the encoder, forwards and backwards, in a second; the validation not counted.
  public var imagesPerSecond: Double
}

/// What a joint training goes through, once its data is read.
struct JointCourse<Model: NeuralRanker> {
  let data: JointData
  let model: JointModel<Model>

  private var plan: JointTrainingFile { data.plan }
  private var images: ImageCollection { data.images }

  /// Trains, and leaves encoder and ranker at the best epoch.
  ///
  /// - Throws: `NotFiniteBatch` naming the pictures of a step without a finite loss or gradient.
  func run(
    checkpoint: Checkpoint?, eachStep: (StepRecord) -> Void, report: (JointEpoch) -> Void
  ) throws -> TrainingRecord {
    let (training, validation, images) = (data.training, data.validation, data.images)
    let order = ImageReuseBatches(
      visualRows: training.batch(Array(0..<Int32(training.count))[...]).visualRows,
      imagesPerBatch: plan.imagesPerBatch, samplesPerImage: plan.samplesPerImage,
      seed: plan.training.seed)
    try ranker(with: table()).visual?.standardize()

    let clock = ContinuousClock()
    var (start, seconds, shown) = (clock.now, 0.0, 0)
    var quality = RankerQuality()
    // The table of the last validation; nil at the start and after a resumption.
    var latest: VisualTable?
    let readsHistory = plan.schema.visual.history
    do {
      return try plan.training.trainer(stepsPerEpoch: order.batches(epoch: 1).count).fit(
        model, optimizer: optimizer,
        batches: { epoch in
          let history = readsHistory ? latest ?? table() : .empty
          let batches = order.batches(epoch: epoch)
          shown = batches.reduce(0) { $0 + $1.imageCount }
          start = clock.now
          return batches.lazy.map { JointBatch($0, of: training, history: history, epoch: epoch) }
        },
        loss: { batch, pass in
          shardedLoss(batch.shards, of: model, pass) { shard, own in
            model.loss(shard, images, own)
          }
        },
        validate: {
          seconds = start.duration(to: clock.now) / .seconds(1)
          let vectors = table()
          latest = vectors
          quality = try RankerQuality(
            of: ranker(with: vectors), on: validation, plan: plan.training)
          return quality.score(by: plan.training.monitor)
        },
        checkpoint: checkpoint, eachStep: eachStep,
        report: { epoch in
          report(
            JointEpoch(
              epoch: epoch.epoch, loss: epoch.loss, validation: quality,
              imagesPerSecond: Double(shown) / max(seconds, 1e-9)))
        })
    } catch TrainingError.notFinite(let epoch, let batch?, let what) {
      let shards = order.batches(epoch: epoch)[batch].shards
      throw NotFiniteBatch(
        epoch: epoch, batch: batch, what: what,
        images: shards.flatMap { $0.images.map { images.ids[Int($0)] } })
    }
  }

  /// Pretrained filters move less than a ranker that starts from nothing.
  private var optimizer: Adam {
    let encoder = ParameterGroup.splitDecay(
      ParameterList(model.encoder), weightDecay: Scalar(plan.encoder.weightDecay),
      learningRateFactor: Scalar(plan.encoder.rateFactor))
    let ranker = ParameterGroup(parameters: ParameterList(model.ranker).trainable)
    return Adam(encoder + [ranker], learningRate: Scalar(plan.training.learningRate))
  }

  /// The vectors of all images as the encoder stands now.
  func table() -> VisualTable {
    let encoder = model.encoder
    return VisualTable(
      rows: images.rows, ids: images.ids, width: encoder.configuration.featureWidth,
      vectors: images.vectors(encoder.encoderWeights(), encoder.configuration))
  }

  private func ranker(with table: VisualTable) throws -> Model {
    var ranker = model.ranker
    try ranker.attach(table, version: JointData.unfinished)
    return ranker
  }
}
