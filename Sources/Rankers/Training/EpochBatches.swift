import RankingData
import Tensors

/// The batches of each epoch of a training: rows or whole requests in an order of the epoch's own.
package struct EpochBatches: Sendable {
  private let count: Int
  /// Nil where rows are shuffled one by one.
  private let requests: RequestRows?
  private let size: Int
  private let seed: UInt64

  /// - Parameter size: rows in a batch.
  package init(
    of source: some RankingBatchSource, _ scope: RankingLossScope, size: Int, seed: UInt64
  ) {
    count = source.count
    requests = scope == .requests ? RequestRows(source.requests) : nil
    self.size = size
    self.seed = seed
  }

  /// The rows of each batch of an epoch, counted from 1: every row once. A batch of whole requests
  /// ends before the one that would make it too long. O(count).
  package func callAsFunction(epoch: Int) -> [[Int32]] {
    var random = RandomStream(seed: seed, stream: UInt64(epoch))
    guard let requests else {
      let order = (0..<Int32(count)).shuffled(using: &random)
      return stride(from: 0, to: count, by: size).map { Array(order[$0..<min($0 + size, count)]) }
    }
    var batches: [[Int32]] = []
    var batch: [Int32] = []
    for request in (0..<requests.count).shuffled(using: &random) {
      let rows = requests[request]
      if !batch.isEmpty, batch.count + rows.count > size {
        batches.append(batch)
        batch = []
      }
      batch += rows
    }
    if !batch.isEmpty { batches.append(batch) }
    return batches
  }
}
