import NeuralNetworks
public import RankingData
import Tensors

/// What a recurrent ranker remembers of one user's history, to be carried on by later events.
///
/// Of constant size, but under the read-out `attention`, which looks at the state after every event.
public struct CarriedHistory: Sendable {
  let state: RecurrentCell.State
  /// Events so far.
  public let count: Int
  /// `[1, units]`: the sum or the largest of the states so far.
  let pool: Tensor
  /// `[count, units]` under the read-out `attention`, oldest first; no rows otherwise.
  let states: Tensor
}

extension RecurrentRanker {
  /// Carries a user's memory on by the events in the history of `batch`, all of whose rows have that
  /// history. O(events), however many came before: the same as reading all events at once.
  ///
  /// - Parameters:
  ///   - before: the memory of the events before these; nil where there were none.
  public func carry(_ before: CarriedHistory?, on batch: RankingBatch) -> CarriedHistory {
    let vectors = fields(batch, .inference())
    precondition(
      vectors.lists.count == 1,
      "the rows of a batch that carries one user's history on have \(vectors.lists.count) histories"
    )
    let units = configuration.units
    let nothing = Tensor(zeros: [0, units])
    let count = vectors.lists.eventCount
    let packed = PackedLists(offsets: vectors.lists.offsets)
    let run = cell(vectors.events, packed, initial: before?.state, .inference())
    guard count > 0 else {
      let start = Tensor(zeros: [1, units])
      return before
        ?? CarriedHistory(
          state: .init(hidden: start, cell: nil), count: 0, pool: start, states: nothing)
    }
    let last = count - 1..<count
    let offsets: [Int32] = [0, Int32(count)]
    let known = before.flatMap { $0.count > 0 ? $0 : nil }
    let pool =
      switch configuration.readOut {
      case .max:
        maximumOfSegments(
          known.map { concatenate([$0.pool, run.hidden], axis: 0) } ?? run.hidden,
          offsets: known == nil ? offsets : [0, Int32(count + 1)])
      case .mean:
        run.hidden.sum(axis: 0).reshaped([1, units]) + (known?.pool ?? Tensor(zeros: [1, units]))
      case .last, .attention: Tensor(zeros: [1, units])
      }
    return CarriedHistory(
      state: .init(
        hidden: run.hidden.slice(axis: 0, last), cell: run.cell?.slice(axis: 0, last)),
      count: count + (before?.count ?? 0), pool: pool,
      states: configuration.readOut == .attention
        ? concatenate([before?.states ?? nothing, run.hidden], axis: 0) : nothing)
  }

  /// The logits of a batch whose rows all have a history that is carried; their own is not read.
  public func scores(of batch: RankingBatch, after history: CarriedHistory) -> [Float] {
    guard batch.count > 0 else { return [] }
    let pass = Pass.inference()
    let vectors = fields(batch, pass)
    let read: Tensor
    if history.count == 0 {
      read = standingIn(
        Tensor(zeros: [batch.count, configuration.units]),
        empty: [Bool](repeating: true, count: batch.count), pass)
    } else if let attention {
      read =
        attention(
          target: vectors.target, states: history.states,
          lists: SharedLists(rows: batch.count, sharing: history.count), pass
        ).pooled
    } else {
      let user =
        switch configuration.readOut {
        case .mean: history.pool / Scalar(history.count)
        case .max: history.pool
        case .last, .attention: history.state.hidden
        }
      read = user.gatherRows([Int32](repeating: 0, count: batch.count))
    }
    return logits(read, vectors, pass).scalars.map { Float($0) }
  }
}
