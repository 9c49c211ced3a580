extension FeatureCache {
  /// Removes the files of shards that a compaction has replaced, then their entries in the index.
  /// Only the holder of the writer lock may.
  static func removeRetired(
    _ folder: Folder, _ index: IndexEnvironment
  ) throws(FeatureCacheError) {
    let retired = try index.shards().values.filter(\.isRetired)
    guard !retired.isEmpty else { return }
    for entry in retired { try removeFiles(of: entry.number, in: folder) }
    // A shard that came back after its entry was gone would be taken in again.
    try folder.synchronize()
    try index.write { transaction throws(FeatureCacheError) in
      for entry in retired { try transaction.delete(.shards, entry.indexKey) }
    }
  }

  /// Removes the vectors first: a sidecar without them is known to be useless.
  static func removeFiles(of shard: UInt32, in folder: Folder) throws(FeatureCacheError) {
    try folder.removeFile(ShardName.vectors(shard))
    try folder.removeFile(ShardName.sidecar(shard))
  }
}
