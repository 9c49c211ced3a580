/// All vectors of a cache that items show, in memory as they are stored, each checked once: for one
/// search after another, as in a service. What is committed later is not in it.
package final class SimilarityTable: @unchecked Sendable {
  /// Row-major `[count, width]`. Written only by `init`.
  private let rows: UnsafeMutableRawBufferPointer
  private let keys: [FeatureKey]
  /// The items that show each key.
  private let items: [FeatureKey: [ItemID]]
  private let format: RowFormat
  private let path: String

  /// - Throws: `damagedRow` or `damagedShard` where any of them cannot be read as it was written.
  /// - Complexity: memory for the stored vectors and the ids; reads each shard front to back.
  package init(_ cache: FeatureCache) throws(FeatureCacheError) {
    (rows, keys, items) = try cache.followingCompaction { () throws(FeatureCacheError) in
      try SimilarityTable.load(cache)
    }
    format = cache.format
    path = cache.path
  }

  deinit { rows.deallocate() }

  /// How many vectors there are.
  package var count: Int { keys.count }

  /// The items nearest to each query, as `FeatureCache.similar` finds them.
  ///
  /// - Complexity: reads the vectors once for all queries together, at the speed of the memory.
  package func similar(
    to queries: [[Float]], top: Int, omitting: Set<String> = [], threads: Int? = nil
  ) throws(FeatureCacheError) -> [[Neighbour]] {
    precondition(top > 0, "the nearest \(top) items of a query")
    let units = try SimilarityQuery.units(queries, width: format.width, path: path)
    let omitting = Set(omitting.map { ItemID($0) })
    let rowBytes = format.byteCount
    let most = max(1, (1 << 20) / rowBytes)
    // Every key here has an item, though all items of some may be omitted.
    let limit = SimilarityQuery.limit(top, omitting)
    let best = try SimilarityQuery.inParallel(
      parts: (count + most - 1) / most, threads: threads, count: queries.count, limit: limit
    ) { next throws(FeatureCacheError) in
      var scorer = RowScorer(self.format, queries: units, limit: limit)
      while let part = next() {
        let range = part * most..<min((part + 1) * most, self.count)
        let bytes = self.rows[range.lowerBound * rowBytes..<range.upperBound * rowBytes]
        try scorer.score(UnsafeRawBufferPointer(rebasing: bytes), count: range.count) {
          self.keys[range.lowerBound + $0]
        }
      }
      return scorer.best
    }
    return best.map { SimilarityQuery.neighbours($0.entries, items, omitting, top) }
  }

  private static func load(
    _ cache: FeatureCache
  ) throws(FeatureCacheError) -> (
    rows: UnsafeMutableRawBufferPointer, keys: [FeatureKey], items: [FeatureKey: [ItemID]]
  ) {
    var items: [FeatureKey: [ItemID]] = [:]
    var found: [FeatureCache.Row] = []
    try cache.index.read { transaction throws(FeatureCacheError) in
      try transaction.forEachLink { link throws(FeatureCacheError) in
        if items[link.key, default: []].isEmpty { found.append(try transaction.row(of: link)) }
        items[link.key, default: []].append(link.item)
      }
    }
    found.sort { ($0.location.shard, $0.location.row) < ($1.location.shard, $1.location.row) }
    let rowBytes = cache.format.byteCount
    let rows = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, found.count * rowBytes), alignment: 64)
    do throws(FeatureCacheError) {
      var start = 0
      while start < found.count {
        let shard = found[start].location.shard
        let end = found[start...].firstIndex { $0.location.shard != shard } ?? found.endIndex
        try cache.forEachRow(of: shard, Array(found[start..<end])) { position, bytes in
          let place = (start + position) * rowBytes
          UnsafeMutableRawBufferPointer(rebasing: rows[place..<place + rowBytes])
            .copyMemory(from: bytes)
        }
        start = end
      }
    } catch {
      rows.deallocate()
      throw error
    }
    return (rows, found.map(\.key), items)
  }
}
