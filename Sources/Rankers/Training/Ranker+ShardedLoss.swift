import NeuralNetworks
package import RankingData
package import Tensors

extension NeuralRanker {
  /// The loss of a batch, computed side by side in shards of its rows.
  ///
  /// How a batch is cut depends on nothing but its size, so the result does not depend on the number
  /// of cores. The loss must be a mean over rows (a constant penalty may be added).
  package func shardedLoss(_ batch: RankingBatch, _ pass: Pass) -> Tensor {
    let shards = batch.shards
    guard pass.isTraining, shards.count > 1 else { return loss(batch, pass) }
    return NeuralNetworks.shardedLoss(shards, of: self, pass) { shard, own in
      let rows = Array(shard)
      return loss(batch.batch(rows[...]), own) * (Scalar(rows.count) / Scalar(batch.count))
    }
  }
}

extension RankingBatch {
  /// Consecutive rows, at least 128 each: a thread is not worth starting for fewer.
  fileprivate var shards: [Range<Int32>] {
    let number = max(1, min(4, count / 128))
    return (0..<number).map {
      Int32(count * $0 / number)..<Int32(count * ($0 + 1) / number)
    }
  }
}
