import NeuralNetworks
package import RankingData
package import Tensors

extension NeuralRanker {
  /// The loss of a batch, computed side by side in shards of its rows; requests stay whole where the
  /// loss judges them.
  ///
  /// How a batch is cut depends on nothing but the batch, so the result does not depend on the number
  /// of cores.
  package func shardedLoss(
    _ batch: RankingBatch, _ pass: Pass, by loss: any RankingLoss = LogisticLoss()
  ) -> Tensor {
    let shards = batch.shards(for: type(of: loss).scope, least: Self.rowsWorthACore)
    guard pass.isTraining, shards.count > 1 else { return self.loss(batch, pass, by: loss) }
    let terms = lossTerms(in: batch, by: loss)
    let total = NeuralNetworks.shardedLoss(shards, of: self, pass) { rows, own in
      let shard = batch.batch(rows.map(Int32.init)[...])
      let result = forward(shard, own)
      let shares = zip(lossTerms(in: shard, by: loss), terms).map {
        Scalar($0) / Scalar(max($1, 1))
      }
      let parts = zip(losses(of: result, shard, own, by: loss), shares).map { $0 * $1 }
      let value = parts.dropFirst().reduce(parts[0], +)
      // A penalty is a mean over rows, whatever the loss is a mean over.
      let share = Scalar(rows.count) / Scalar(batch.count)
      return result.penalty.map { value + $0 * share } ?? value
    }
    return batchPenalty(batch, pass).map { total + $0 } ?? total
  }
}

extension RankingBatch {
  /// Consecutive rows, about so many each at least: a thread is not worth starting for fewer.
  fileprivate func shards(for scope: RankingLossScope, least: Int) -> [Range<Int>] {
    let number = max(1, min(4, count / least))
    var cuts = (0...number).map { count * $0 / number }
    if scope == .requests {
      let ends = lists.map(\.upperBound)
      cuts = cuts.map { cut in ends.first { $0 >= cut && cut > 0 } ?? 0 }
    }
    return zip(cuts, cuts.dropFirst()).filter { $0 < $1 }.map { $0..<$1 }
  }
}
