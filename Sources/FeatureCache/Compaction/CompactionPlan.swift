/// Which shards a compaction rewrites, and which of them together.
struct CompactionPlan {
  /// Old shards that become one new shard, in order.
  var groups: [[UInt32]] = []
  var report = CompactionReport()

  /// What the plan needs to know about one shard.
  private struct Shard {
    let number: UInt32
    let rows: Int
    let live: Int
    let bytes: Int
    let sidecarBytes: Int
  }

  /// - Parameters:
  ///   - shardBytes: vectors of a new shard.
  ///   - linked: the keys that items show, where all others are unwanted.
  /// - Throws: `damagedShard` where a sidecar is.
  init(
    _ cache: FeatureCache, shardBytes: Int, linked: Set<FeatureKey>?
  ) throws(FeatureCacheError) {
    let entries = try cache.index.shards().values.filter { !$0.isRetired }
      .sorted { $0.number < $1.number }
    var shards: [Shard] = []
    for entry in entries { shards.append(try Self.shard(entry, cache, linked)) }
    let rowBytes = cache.format.byteCount
    // Kept are only shards before all that are rewritten. A sidecar links items to keys of its own
    // and earlier shards, and must still come after them when an index is rebuilt.
    let kept = shards.prefix {
      2 * $0.live * rowBytes >= shardBytes && 10 * ($0.rows - $0.live) <= $0.rows
    }
    report.keptShards = kept.count
    var bytes = shardBytes
    for shard in shards.dropFirst(kept.count) {
      if bytes >= shardBytes {
        groups.append([])
        bytes = 0
      }
      groups[groups.count - 1].append(shard.number)
      bytes += shard.live * rowBytes
      report.shards += 1
      report.rows += shard.live
      report.droppedRows += shard.rows - shard.live
      report.bytes += shard.bytes
      // The links come along, the keys of dropped rows do not.
      report.newBytes += shard.live * rowBytes + shard.sidecarBytes - 40 * (shard.rows - shard.live)
    }
    report.newShards = groups.count
    // One shard for each is no gain, unless rows go.
    if groups.count == report.shards, report.droppedRows == 0 {
      groups = []
      report = CompactionReport()
      report.keptShards = shards.count
    }
  }

  private static func shard(
    _ entry: ShardEntry, _ cache: FeatureCache, _ linked: Set<FeatureKey>?
  ) throws(FeatureCacheError) -> Shard {
    let sidecar = try cache.sidecar(of: entry)
    let live = try cache.index.read { transaction throws(FeatureCacheError) in
      try sidecar.liveRows(transaction, linked: linked).count
    }
    let vectors = fileLength(cache.folder.file(ShardName.vectors(entry.number))) ?? 0
    let keys = fileLength(cache.folder.file(ShardName.sidecar(entry.number))) ?? 0
    return Shard(
      number: entry.number, rows: sidecar.rows.count, live: live, bytes: vectors + keys,
      sidecarBytes: keys)
  }
}

extension Sidecar {
  /// The rows that the index leads to, in order.
  func liveRows(
    _ transaction: borrowing IndexTransaction, linked: Set<FeatureKey>?
  ) throws(FeatureCacheError) -> [FeatureCache.Row] {
    var live: [FeatureCache.Row] = []
    live.reserveCapacity(rows.count)
    for (index, row) in rows.enumerated() {
      guard linked?.contains(row.key) ?? true,
        let location = try transaction.location(of: row.key),
        location == RowLocation(shard: shard, row: UInt32(index), checksum: row.checksum)
      else { continue }
      live.append(FeatureCache.Row(key: row.key, location: location))
    }
    return live
  }
}

extension FeatureCache {
  /// The sidecar that the index has taken in.
  ///
  /// - Throws: `damagedShard` where the file is another, or none.
  func sidecar(of entry: ShardEntry) throws(FeatureCacheError) -> Sidecar {
    let path = folder.file(ShardName.sidecar(entry.number))
    do throws(FeatureCacheError) {
      let (sidecar, checksum) = try Sidecar.read(
        entry.number, from: folder, fingerprint: descriptor.fingerprint)
      guard checksum == entry.sidecar, sidecar.rows.count == Int(entry.rows) else {
        throw .damagedShard(path, "the sidecar and the index disagree")
      }
      return sidecar
    } catch {
      guard error.code == .notFound else { throw error }
      throw .damagedShard(path, "the sidecar is missing")
    }
  }
}
