import Dispatch
import Synchronization
package import Tensors

/// What one shard of a batch contributes.
private struct ShardResult: Sendable {
  let loss: Scalar
  let dense: Gradients
  let lookups: [TableLookups]
  let observations: Observations
}

/// The loss of a batch whose shards are differentiated side by side, each on a tape of its own: one
/// number, traced by `pass`, which passes the sum of the shards' gradients on.
///
/// Losses, gradients and what the shards observed (batch statistics: those of a shard, "ghost
/// batches", Hoffer et al., 2017, arXiv 1705.08741) are joined in the order of the shards. So the
/// result depends on how the batch is cut, and not on the number of cores.
///
/// - Parameters:
///   - shards: At least one.
///   - module: Holds every parameter that the loss reads.
///   - pass: Where it does not train, or with a single shard, the shards run on it one by one.
///   - workers: The most shards at once.
///   - loss: A shard's share of the total, already weighted; one number. Dropout of a shard draws from
///     a stream of its own.
/// - Complexity: One gradient of every parameter a shard in memory until all shards are done.
package func shardedLoss<Shard: Sendable>(
  _ shards: [Shard], of module: some Module, _ pass: Pass, workers: Int = .max,
  _ loss: @Sendable (Shard, Pass) -> Tensor
) -> Tensor {
  precondition(!shards.isEmpty, "a batch without shards has no loss")
  guard pass.isTraining, shards.count > 1 else {
    return shards.dropFirst().reduce(loss(shards[0], pass)) { $0 + loss($1, pass) }
  }
  let results = differentiated(shards, seed: pass.random.next(), workers, loss)
  for shard in results { pass.append(shard.observations) }
  let (losses, lookups) = (results.map(\.loss), results.flatMap(\.lookups))
  // The last use of the results: held by nobody else, the gradients are summed in place.
  return joined(losses, results.map(\.dense), lookups, of: module, pass)
}

/// The shards, each on a pass of its own.
private func differentiated<Shard: Sendable>(
  _ shards: [Shard], seed: UInt64, _ workers: Int, _ loss: @Sendable (Shard, Pass) -> Tensor
) -> [ShardResult] {
  let next = Mutex(0)
  let results = Mutex([ShardResult?](repeating: nil, count: shards.count))
  DispatchQueue.concurrentPerform(iterations: max(1, min(workers, shards.count))) { _ in
    while true {
      let index = next.withLock { next in
        defer { next += 1 }
        return next
      }
      guard index < shards.count else { return }
      let own = Pass.training(seed: seed &+ UInt64(index))
      let share = loss(shards[index], own)
      let (dense, lookups) = own.separateGradients(of: share)
      let result = ShardResult(
        loss: share.item(), dense: dense, lookups: lookups, observations: own.takeObservations())
      results.withLock { $0[index] = result }
    }
  }
  return results.withLock { $0.compactMap { $0 } }
}

/// One traced number with the sum of the shards' losses and gradients.
private func joined(
  _ losses: [Scalar], _ gradients: consuming [Gradients], _ lookups: [TableLookups],
  of module: some Module, _ pass: Pass
) -> Tensor {
  let whole = ParameterList(module).trainable.filter { parameter in
    gradients.contains { $0[parameter] != nil }
  }
  let sums = Gradients.sums(of: &gradients, for: whole)
  let sources = zip(whole, sums).map { (reading: pass.read($0), gradient: $1) }
  return pass.custom(Tensor(scalar: losses.reduce(0, +))) { upstream in
    let factor = upstream.item()
    for source in sources {
      source.reading.node.accumulate(factor == 1 ? source.gradient : source.gradient * factor)
    }
    // Rows are added up once, when the pass ends, and not in every shard before.
    for lookup in lookups {
      pass.contribute(lookup.contributions.map { $0.scaled(by: factor) }, to: lookup.parameter)
    }
  }
}
