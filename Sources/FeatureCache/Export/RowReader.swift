/// Reads single rows through one buffer, inside a transaction that is open anyway: a second one
/// could wait for ever on a writer that waits for the first.
struct RowReader: ~Copyable {
  private let cache: FeatureCache
  private let buffer: UnsafeMutableRawBufferPointer

  init(_ cache: FeatureCache) {
    self.cache = cache
    buffer = .allocate(byteCount: cache.format.byteCount, alignment: 64)
  }

  deinit { buffer.deallocate() }

  /// The numbers of a row, after comparing its checksum.
  func read(
    _ row: FeatureCache.Row, _ transaction: borrowing IndexTransaction,
    to output: UnsafeMutablePointer<Float>
  ) throws(FeatureCacheError) {
    let shard = try cache.shardFile(row.location.shard, transaction)
    let number = Int(row.location.row)
    try shard.read(rows: number..<number + 1, into: buffer)
    let bytes = UnsafeRawBufferPointer(buffer)
    guard Checksum.of(bytes) == row.location.checksum else {
      throw .damagedRow(shard.path, row: number, key: row.key)
    }
    cache.format.decode(bytes, to: output)
  }
}

extension FeatureCache {
  func shardFile(_ number: UInt32) throws(FeatureCacheError) -> ShardFile {
    try openShards.file(number) { () throws(FeatureCacheError) in
      try index.read { transaction throws(FeatureCacheError) in
        try openShard(number, transaction)
      }
    }
  }

  func shardFile(
    _ number: UInt32, _ transaction: borrowing IndexTransaction
  ) throws(FeatureCacheError) -> ShardFile {
    try openShards.file(number) { () throws(FeatureCacheError) in
      try openShard(number, transaction)
    }
  }

  private func openShard(
    _ number: UInt32, _ transaction: borrowing IndexTransaction
  ) throws(FeatureCacheError) -> ShardFile {
    guard let entry = try transaction.shard(number), !entry.isRetired else {
      throw .damagedShard(
        folder.file(ShardName.vectors(number)), "a row lies in it, and the index has no such shard")
    }
    return try ShardFile(number, rows: Int(entry.rows), folder: folder, descriptor: descriptor)
  }
}
