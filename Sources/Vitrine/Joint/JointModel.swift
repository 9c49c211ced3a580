import Images
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import VisualEncoder

/// An encoder inside a ranker (CSCNN; Liu et al., KDD 2020): the click loss reaches the
/// convolutions through the images' vectors.
struct JointModel<Model: NeuralRanker>: Module {
  let encoder: EncoderNetwork
  let ranker: Model
  /// Varies the pictures in training.
  let augmenter: Augmenter
  /// With epoch and picture, decides how.
  let seed: UInt64

  func collect(into list: inout ParameterList) {
    list.add("encoder", encoder)
    list.add("ranker", ranker)
  }

  /// A shard's share of the mean loss over the rows of its batch. The encoder runs once for each of
  /// the shard's images.
  func loss(_ shard: JointBatch.Shard, _ images: ImageCollection, _ pass: Pass) -> Tensor {
    let rows = shard.images
    // No convolution takes a batch of nothing.
    let vectors =
      rows.isEmpty
      ? Tensor(zeros: [0, encoder.configuration.featureWidth])
      : encoder(
        images.planes(of: rows, augmenter, seed: seed, epoch: shard.epoch),
        categoryRows: rows.map { images.categoryRows[Int($0)] }, pass)
    let live = LiveImages(vectors, rows: rows, history: shard.history)
    return ranker.loss(shard.batch, images: live, pass) * shard.share
  }
}

/// The rows of a step, gathered.
struct JointBatch: Sendable {
  struct Shard: Sendable {
    /// Rows of the image collection.
    let images: [Int32]
    let batch: RankingBatch
    /// Of the batch's rows.
    let share: Scalar
    /// Vectors for the images of histories.
    let history: VisualTable
    let epoch: Int
  }

  let shards: [Shard]

  init(
    _ plan: ImageReuseBatch, of rows: some RankingBatchSource, history: VisualTable, epoch: Int
  ) {
    shards = plan.shards.map { shard in
      Shard(
        images: shard.images, batch: rows.batch(shard.rows[...]),
        share: Scalar(shard.rows.count) / Scalar(plan.count), history: history, epoch: epoch)
    }
  }
}
