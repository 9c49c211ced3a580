/// One step's rows, cut so that each part has its images to itself.
package struct ImageReuseBatch: Sendable, Hashable {
  /// Some images with all rows of the batch that show them, and rows without an image.
  package struct Shard: Sendable, Hashable {
    /// Rows of the visual table; distinct, over all shards of the batch too.
    package internal(set) var images: [Int32] = []
    /// Positions among the training rows.
    package internal(set) var rows: [Int32] = []
  }

  /// At most `imagesPerShard` images each, as evenly as possible.
  package let shards: [Shard]

  /// Images in a shard. Where batch normalisation takes the statistics of a batch, it takes those of
  /// a shard ("ghost" batches; Hoffer et al., NeurIPS 2017), so the number is part of the method and
  /// does not depend on the number of cores.
  package static let imagesPerShard = 32

  /// Rows in all shards.
  package var count: Int { shards.reduce(0) { $0 + $1.rows.count } }
  /// Images in all shards.
  package var imageCount: Int { shards.reduce(0) { $0 + $1.images.count } }

  /// - Parameters:
  ///   - pieces: an image and rows that show it, each.
  ///   - others: rows without an image, which are dealt out over the shards.
  init(_ pieces: [(image: Int32, rows: ArraySlice<Int32>)], others: [Int32]) {
    let count = max(1, (pieces.count + Self.imagesPerShard - 1) / Self.imagesPerShard)
    shards = (0..<count).map { index in
      var shard = Shard()
      for piece in pieces[pieces.count * index / count..<pieces.count * (index + 1) / count] {
        shard.images.append(piece.image)
        shard.rows += piece.rows
      }
      shard.rows += others[others.count * index / count..<others.count * (index + 1) / count]
      return shard
    }.filter { !$0.rows.isEmpty }
  }
}
