/// One thread of a scan over the shards: reads, checks and compares rows with the queries.
struct SimilarityWorker: ~Copyable {
  private let cache: FeatureCache
  private var scorer: RowScorer
  private let buffer: UnsafeMutableRawBufferPointer

  var best: [TopRows] { scorer.best }

  /// - Parameter queries: unit vectors, row-major `[count, width]`.
  init(_ cache: FeatureCache, queries: [Float], limit: Int, partBytes: Int) {
    self.cache = cache
    scorer = RowScorer(cache.format, queries: queries, limit: limit)
    buffer = .allocate(byteCount: max(1, partBytes), alignment: 64)
  }

  deinit { buffer.deallocate() }

  mutating func scan(_ part: ShardScan.Part) throws(FeatureCacheError) {
    let cache = cache
    let number = part.shard.entry.number
    let table = try part.shard.table(cache)
    let file = try cache.shardFile(number)
    let rowBytes = cache.format.byteCount
    let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(part.rows.count * rowBytes)])
    try file.read(rows: part.rows, into: bytes)
    for (position, row) in part.rows.enumerated() {
      let stored = UnsafeRawBufferPointer(
        rebasing: bytes[position * rowBytes..<(position + 1) * rowBytes])
      // Damage in a row that nothing leads to any more is no matter.
      if Checksum.of(stored) != table.checksum(row), try cache.isLive(table.key(row), number, row) {
        throw .damagedRow(file.path, row: row, key: table.key(row))
      }
    }
    let first = part.rows.lowerBound
    try scorer.score(UnsafeRawBufferPointer(bytes), count: part.rows.count) {
      position throws(FeatureCacheError) in
      let key = table.key(first + position)
      return try cache.isLive(key, number, first + position) ? key : nil
    }
    part.shard.finishPart()
  }
}

extension FeatureCache {
  /// Whether the index still leads to a row.
  func isLive(
    _ key: FeatureKey, _ shard: UInt32, _ row: Int
  ) throws(FeatureCacheError) -> Bool {
    try index.read { transaction throws(FeatureCacheError) in
      guard let location = try transaction.location(of: key) else { return false }
      return location.shard == shard && Int(location.row) == row
    }
  }
}
