import Tensors

/// The order of the pictures of one epoch, cut into batches, and these into shards.
package struct EpochPlan: Sendable, Hashable {
  /// Positions of pictures: batches, shards, pictures.
  package let batches: [[[Int]]]

  /// Pictures that are normalised together; see "ghost" batches (Hoffer et al., NeurIPS 2017).
  package static let shardSize = 32

  /// Fewer than this are no batch of their own: statistics of so few say nothing.
  private static let least = 8

  /// A function of count, batch size, seed and epoch alone. Every picture comes once.
  package init(count: Int, batchSize: Int, seed: UInt64, epoch: Int, isShuffled: Bool = true) {
    precondition(batchSize > 0 && count >= 0, "batches of \(batchSize) of \(count) pictures")
    var order = Array(0..<count)
    if isShuffled {
      var random = RandomStream(seed: seed, stream: 0xE90C).split(UInt64(epoch))
      for last in stride(from: count - 1, to: 0, by: -1) {
        order.swapAt(last, random.next(below: last + 1))
      }
    }
    batches = Self.cut(order[...], into: batchSize).map { Self.cut($0, into: Self.shardSize) }
      .map { $0.map(Array.init) }
  }

  private static func cut(_ order: ArraySlice<Int>, into size: Int) -> [ArraySlice<Int>] {
    var parts = stride(from: order.startIndex, to: order.endIndex, by: size).map {
      order[$0..<min($0 + size, order.endIndex)]
    }
    if parts.count > 1, let tail = parts.last, tail.count < min(least, size) {
      parts.removeLast()
      parts[parts.count - 1] = order[parts[parts.count - 1].startIndex..<order.endIndex]
    }
    return parts
  }
}
