extension FeatureCache {
  /// The items whose vectors point most nearly the same way as each query: an exact scan of all
  /// vectors, each checked against its checksum, by all cores. For one search after another,
  /// `SimilarityTable` is faster.
  ///
  /// - Parameters:
  ///   - queries: vectors of the cache's width, none of them all zeros.
  ///   - top: how many items each query gets; fewer where the cache has fewer.
  ///   - omitting: items that are no answer, as the one that is asked for.
  /// - Returns: best first; items of the same cosine in the byte order of their ids. Where more
  ///   items share the last cosine than there are places, their keys decide.
  /// - Throws: `invalidVector`; `damagedRow` and `damagedShard`, as an answer without a row that
  ///   cannot be read would not be exact.
  /// - Complexity: reads all shards and walks the item table once; memory for the sidecars of the
  ///   shards in work.
  package func similar(
    to queries: [[Float]], top: Int, omitting: Set<String> = [], threads: Int? = nil
  ) throws(FeatureCacheError) -> [[Neighbour]] {
    precondition(top > 0, "the nearest \(top) items of a query")
    let units = try SimilarityQuery.units(queries, width: descriptor.width, path: path)
    let omitting = Set(omitting.map { ItemID($0) })
    return try followingCompaction { () throws(FeatureCacheError) in
      // Keys without an item take up places; where too many do, look again for more.
      var limit = SimilarityQuery.limit(top, omitting)
      while true {
        let best = try scan(units, count: queries.count, limit: limit, threads: threads)
        let items = try items(showing: Set(best.flatMap { $0.entries.map(\.key) }))
        let found = best.map { SimilarityQuery.neighbours($0.entries, items, omitting, top) }
        let isShort = zip(found, best).contains { $0.count < top && $1.isFull }
        guard isShort else { return found }
        limit *= 8
      }
    }
  }

  private func scan(
    _ units: [Float], count: Int, limit: Int, threads: Int?
  ) throws(FeatureCacheError) -> [TopRows] {
    let entries = try index.shards().values.filter { $0.rows > 0 }.sorted { $0.number < $1.number }
    let parts = ShardScan.parts(of: entries, rowBytes: format.byteCount)
    let partBytes = (parts.map(\.rows.count).max() ?? 0) * format.byteCount
    return try SimilarityQuery.inParallel(
      parts: parts.count, threads: threads, count: count, limit: limit
    ) { next throws(FeatureCacheError) in
      var worker = SimilarityWorker(self, queries: units, limit: limit, partBytes: partBytes)
      while let part = next() { try worker.scan(parts[part]) }
      return worker.best
    }
  }

  /// The items that show these keys.
  private func items(
    showing keys: Set<FeatureKey>
  ) throws(FeatureCacheError) -> [FeatureKey: [ItemID]] {
    let filter = KeyFilter(keys)
    return try index.read { transaction throws(FeatureCacheError) in
      var items: [FeatureKey: [ItemID]] = [:]
      try transaction.forEach(.items) { key, value throws(FeatureCacheError) in
        // Opening has checked each record; here only those of an answer are looked at closely.
        guard filter.key(in: value) != nil else { return }
        let link = try transaction.link(key, value)
        items[link.key, default: []].append(link.item)
      }
      return items
    }
  }
}
