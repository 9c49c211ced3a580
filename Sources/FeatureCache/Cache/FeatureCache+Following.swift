extension FeatureCache {
  /// Runs `body` again where shards vanish under it, as another process has compacted the cache:
  /// the index then leads to the new place of the same vectors.
  ///
  /// - Throws: what `body` throws while the index stands still, which is damage; `indexReplaced`
  ///   where the handle's index is no longer that of the cache.
  func followingCompaction<Result>(
    _ body: () throws(FeatureCacheError) -> Result
  ) throws(FeatureCacheError) -> Result {
    for _ in 0..<8 {
      let before = try index.lastCommit()
      do throws(FeatureCacheError) {
        return try body()
      } catch {
        guard error.code == .damagedShard else { throw error }
        guard !index.isReplaced else { throw .replacedIndex(index.folder.path) }
        guard try index.lastCommit() != before else { throw error }
      }
    }
    return try body()
  }
}
