import Dispatch
import Synchronization
package import Tensors

/// What one shard of a batch contributes.
private struct ShardResult: Sendable {
  let loss: Scalar
  let gradients: Gradients
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
  let losses = results.map(\.loss)
  // The last use of the results: held by nobody else, the gradients are summed in place.
  return joined(losses, results.map(\.gradients), of: module, pass)
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
      let result = ShardResult(
        loss: share.item(), gradients: own.gradients(of: share),
        observations: own.takeObservations())
      results.withLock { $0[index] = result }
    }
  }
  return results.withLock { $0.compactMap { $0 } }
}

/// One traced number with the sum of the shards' losses and gradients.
private func joined(
  _ losses: [Scalar], _ gradients: consuming [Gradients], of module: some Module, _ pass: Pass
) -> Tensor {
  var sources: [(reading: Tensor, gradient: Tensor)] = []
  var whole: [Parameter] = []
  for parameter in ParameterList(module).trainable {
    let entries = gradients.compactMap { $0[parameter] }
    let rows = entries.compactMap { if case .rows(let rows) = $0 { rows } else { nil } }
    if entries.isEmpty { continue }
    // A table that was only looked up keeps gradients of single rows.
    if rows.count == entries.count {
      sources.append(
        (
          pass.gather(parameter, rows.flatMap(\.rows)), concatenate(rows.map(\.values), axis: 0)
        ))
    } else {
      whole.append(parameter)
    }
  }
  let sums = Gradients.sums(of: &gradients, for: whole)
  sources += zip(whole, sums).map { (pass.read($0), $1) }
  let total = Tensor(scalar: losses.reduce(0, +))
  return traced(total, parents: sources.map(\.reading)) { upstream in
    let factor = upstream.item()
    for source in sources {
      source.reading.node.accumulate(factor == 1 ? source.gradient : source.gradient * factor)
    }
  }
}
