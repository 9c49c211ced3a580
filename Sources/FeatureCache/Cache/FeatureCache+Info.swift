/// What a cache holds.
package struct FeatureCacheInfo: Sendable {
  package let path: String
  package let descriptor: FeatureCacheDescriptor
  /// Items that have a vector.
  package let items: Int
  /// Distinct vectors.
  package let keys: Int
  /// Rows in all shards; more than `keys` where vectors were replaced.
  package let rows: Int
  /// Commits that the index knows, one shard each.
  package let shards: Int
  package let shardBytes: Int
  package let indexBytes: Int
  /// Shards on the disk that the index does not know; the next writer takes them in.
  package let orphans: [String]
}

extension FeatureCache {
  /// Counts and sizes. Reads no vector.
  package var info: FeatureCacheInfo {
    get throws(FeatureCacheError) {
      let known = try index.shards()
      let (items, keys) = try index.read { transaction throws(FeatureCacheError) in
        (try transaction.count(.items), try transaction.count(.keys))
      }
      let files = try ShardListing(folder)
      let names =
        files.sidecars.map(ShardName.sidecar) + files.vectors.sorted().map(ShardName.vectors)
      return FeatureCacheInfo(
        path: path, descriptor: descriptor, items: items, keys: keys,
        rows: known.values.reduce(0) { $0 + Int($1.rows) },
        shards: known.values.count { !$0.isRetired },
        shardBytes: names.reduce(0) { $0 + (fileLength(folder.file($1)) ?? 0) },
        indexBytes: fileLength(index.folder.file(IndexHeader.dataFile)) ?? 0,
        orphans: files.sidecars.filter { known[$0] == nil }.map(ShardName.sidecar))
    }
  }
}
