import Dispatch
import Synchronization

extension FeatureCache {
  /// The items whose vectors point most nearly the same way as each query: an exact scan of all
  /// vectors, each checked against its checksum, by all cores.
  ///
  /// - Parameters:
  ///   - queries: vectors of the cache's width, none of them all zeros.
  ///   - top: how many items each query gets; fewer where the cache has fewer.
  ///   - omitting: items that are no answer, as the one that is asked for.
  /// - Returns: best first; items of the same cosine in the byte order of their ids.
  /// - Throws: `invalidVector`; `damagedRow` and `damagedShard`, as an answer without a row that
  ///   cannot be read would not be exact.
  /// - Complexity: reads all shards and walks the item table once; memory for the sidecars of the
  ///   shards in work.
  package func similar(
    to queries: [[Float]], top: Int, omitting: Set<String> = [], threads: Int? = nil
  ) throws(FeatureCacheError) -> [[Neighbour]] {
    precondition(top > 0, "the nearest \(top) items of a query")
    guard !queries.isEmpty else { return [] }
    var units: [Float] = []
    for query in queries { units += try unit(query) }
    let omitting = Set(omitting.map { ItemID($0) })
    return try followingCompaction { () throws(FeatureCacheError) in
      // Keys without an item take up places; where too many do, look again for more.
      var limit = top + omitting.count + 8
      while true {
        let best = try scan(units, count: queries.count, limit: limit, threads: threads)
        let items = try items(showing: Set(best.flatMap { $0.entries.map(\.key) }))
        let found = best.map { neighbours($0.entries, items, omitting, top) }
        let isShort = zip(found, best).contains { $0.count < top && $1.isFull }
        guard isShort else { return found }
        limit *= 8
      }
    }
  }

  /// The query as a vector of length 1.
  private func unit(_ query: [Float]) throws(FeatureCacheError) -> [Float] {
    let square = query.reduce(0.0) { $0 + Double($1) * Double($1) }
    guard query.count == descriptor.width, square.isFinite, square > 0 else {
      let reason =
        query.count == descriptor.width
        ? "it is all zeros, or not finite"
        : "it has \(query.count) numbers, the cache's have \(descriptor.width)"
      throw FeatureCacheError(
        code: .invalidVector, path: path, message: "nothing is similar to this vector: \(reason)",
        advice: "Ask with a vector of the encoder that filled the cache")
    }
    return query.map { Float(Double($0) / square.squareRoot()) }
  }

  private func scan(
    _ units: [Float], count: Int, limit: Int, threads: Int?
  ) throws(FeatureCacheError) -> [TopRows] {
    let entries = try index.shards().values.filter { $0.rows > 0 }.sorted { $0.number < $1.number }
    let parts = ShardScan.parts(of: entries, rowBytes: format.byteCount)
    let partBytes = (parts.map(\.rows.count).max() ?? 0) * format.byteCount
    let next = Atomic(0)
    let outcome = Mutex<Result<[TopRows], FeatureCacheError>>(
      .success(Array(repeating: TopRows(limit: limit), count: count)))
    let workers = min(threads ?? coreCount(), max(1, parts.count))
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      var worker = SimilarityWorker(self, queries: units, limit: limit, partBytes: partBytes)
      do throws(FeatureCacheError) {
        while true {
          let part = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard part < parts.count else { break }
          try worker.scan(parts[part])
        }
        let found = worker.best
        outcome.withLock { outcome in
          guard case .success(var best) = outcome else { return }
          for (query, rows) in found.enumerated() {
            for entry in rows.entries { best[query].add(entry) }
          }
          outcome = .success(best)
        }
      } catch {
        next.store(parts.count, ordering: .relaxed)
        outcome.withLock { outcome in
          if case .success = outcome { outcome = .failure(error) }
        }
      }
    }
    return try outcome.withLock { $0 }.get()
  }

  /// The items that show these keys.
  private func items(
    showing keys: Set<FeatureKey>
  ) throws(FeatureCacheError) -> [FeatureKey: [ItemID]] {
    try index.read { transaction throws(FeatureCacheError) in
      var items: [FeatureKey: [ItemID]] = [:]
      let filter = KeyFilter(keys)
      try transaction.forEach(.items) { key, value throws(FeatureCacheError) in
        // Opening has checked each record; here only those of an answer are looked at closely.
        guard filter.key(in: value) != nil else { return }
        let link = try transaction.link(key, value)
        items[link.key, default: []].append(link.item)
      }
      return items
    }
  }

  private func neighbours(
    _ rows: [TopRows.Entry], _ items: [FeatureKey: [ItemID]], _ omitting: Set<ItemID>, _ top: Int
  ) -> [Neighbour] {
    var all: [(item: ItemID, score: Float)] = []
    for row in rows {
      for item in items[row.key] ?? [] where !omitting.contains(item) {
        all.append((item, row.score))
      }
    }
    all.sort { ($1.score, $0.item) < ($0.score, $1.item) }
    return all.prefix(top).map { Neighbour(item: $0.item.text, cosine: $0.score) }
  }
}
