import Dispatch
import NeuralNetworks
package import RankingData
import Synchronization
package import Tensors

/// What one shard of a batch contributes.
private struct ShardGradients: Sendable {
  let loss: Scalar
  let gradients: Gradients
}

extension Ranker {
  /// The loss of a batch whose shards are differentiated side by side, each on a tape of its own.
  ///
  /// How a batch is cut depends on nothing but its size, and the shards are added in order, so the
  /// result does not depend on the number of cores. The loss must be a mean over rows (a constant
  /// penalty may be added).
  package func shardedLoss(_ batch: RankingBatch, _ pass: Pass) -> Tensor {
    let shards = batch.shards
    guard pass.isTraining, shards.count > 1 else { return loss(batch, pass) }
    let seed = pass.random.next()
    let results = Mutex([ShardGradients?](repeating: nil, count: shards.count))
    DispatchQueue.concurrentPerform(iterations: shards.count) { index in
      let rows = Array(shards[index])
      let own = Pass.training(seed: seed &+ UInt64(index))
      let share = loss(batch.batch(rows[...]), own) * (Scalar(rows.count) / Scalar(batch.count))
      let result = ShardGradients(loss: share.item(), gradients: own.gradients(of: share))
      results.withLock { $0[index] = result }
    }
    return joined(results.withLock { $0.compactMap { $0 } }, pass)
  }

  /// One traced number with the sum of the shards' losses and gradients.
  private func joined(_ shards: [ShardGradients], _ pass: Pass) -> Tensor {
    var sources: [(reading: Tensor, gradient: Tensor)] = []
    for parameter in ParameterList(self).trainable {
      let entries = shards.compactMap { $0.gradients[parameter] }
      let rows = entries.compactMap { if case .rows(let rows) = $0 { rows } else { nil } }
      if !entries.isEmpty, rows.count == entries.count {
        sources.append(
          (
            pass.gather(parameter, rows.flatMap(\.rows)),
            concatenate(rows.map(\.values), axis: 0)
          ))
      } else if !entries.isEmpty {
        var sum = Tensor(zeros: parameter.value.shape)
        for shard in shards { sum.add(shard.gradients.dense(parameter)) }
        sources.append((pass.read(parameter), sum))
      }
    }
    let total = Tensor(scalar: shards.reduce(0) { $0 + $1.loss })
    return traced(total, parents: sources.map(\.reading)) { upstream in
      let factor = upstream.item()
      for source in sources {
        source.reading.node.accumulate(factor == 1 ? source.gradient : source.gradient * factor)
      }
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
