import FeatureCache

extension FeatureStore {
  /// What a compaction has done, or would do.
  public struct Compaction: Sendable, Codable {
    /// Shards rewritten.
    public var shards = 0
    /// Shards in their place.
    public var newShards = 0
    /// Shards that were good as they are.
    public var keptShards = 0
    /// Vectors copied.
    public var rows = 0
    /// Rows left behind that nothing needs.
    public var droppedRows = 0
    /// Size of the files rewritten.
    public var bytes = 0
    /// Size of those in their place.
    public var newBytes = 0
  }

  /// Rewrites many small shards as few large ones, without rows that nothing needs any more. The
  /// cache stays readable, and an interrupted compaction loses nothing and can be run again.
  ///
  /// - Parameters:
  ///   - droppingUnlinked: leaves out vectors that no item shows, as of posters that have changed.
  ///   - isDryRun: only says what would be done.
  /// - Throws: the cache's own error; damage has to be repaired first.
  public static func compact(
    _ path: String, generation: Int? = nil, droppingUnlinked: Bool = false, isDryRun: Bool = false
  ) throws -> Compaction {
    var total = Compaction()
    for generation in try chosen(path, generation) {
      let cache = try FeatureCache.open(
        at: path, generation: generation.number, mode: isDryRun ? .read : .write)
      let report = try cache.compact(droppingUnlinked: droppingUnlinked, isDryRun: isDryRun)
      total.shards += report.shards
      total.newShards += report.newShards
      total.keptShards += report.keptShards
      total.rows += report.rows
      total.droppedRows += report.droppedRows
      total.bytes += report.bytes
      total.newBytes += report.newBytes
    }
    return total
  }
}
