extension IndexRebuild {
  /// Saves what the old index still knows about shards with damaged sidecars, as a new shard.
  mutating func rescue() throws(FeatureCacheError) {
    guard !damaged.isEmpty else { return }
    for number in damaged where !known.contains(number) { lose(rowCount(of: number)) }
    guard let old else { return }
    var batch = Batch()
    try rescueRows(from: old, into: &batch)
    try rescueLinks(from: old, into: &batch)
    guard !batch.isEmpty else { return }
    let last = max(try ShardListing(folder).largest, known.max() ?? 0)
    let number = try ShardName.number(after: last, in: folder)
    let published = try batch.publish(as: number, in: folder, descriptor)
    try enter(published.sidecar, checksum: published.checksum)
  }

  /// The rows of the damaged shards that no other shard holds.
  private mutating func rescueRows(
    from old: FeatureCache, into batch: inout Batch
  ) throws(FeatureCacheError) {
    let numbers = Set(damaged)
    var rows: [FeatureCache.Row] = []
    try old.index.read { transaction throws(FeatureCacheError) in
      try transaction.forEachRow { key, location throws(FeatureCacheError) in
        if numbers.contains(location.shard) {
          rows.append(FeatureCache.Row(key: key, location: location))
        }
      }
    }
    rows.sort { ($0.location.shard, $0.location.row) < ($1.location.shard, $1.location.row) }
    for row in rows where try !holds(row.key) {
      do throws(FeatureCacheError) {
        try old.withBytes(of: row) { batch.add(row.key, row: $0) }
      } catch {
        guard error.code == .damagedRow || error.code == .damagedShard else { throw error }
        lose(1, error)
      }
    }
  }

  /// The links of the old index that the sound sidecars do not give, as a damaged one may have held
  /// them: its own, and those to vectors of other shards. Later commits have the last word.
  private func rescueLinks(
    from old: FeatureCache, into batch: inout Batch
  ) throws(FeatureCacheError) {
    var links: [ItemLink] = []
    try old.index.read { transaction throws(FeatureCacheError) in
      try transaction.forEachLink { link throws(FeatureCacheError) in
        if !relinked.contains(link.item) { links.append(link) }
      }
    }
    try index.read { transaction throws(FeatureCacheError) in
      for link in links where try transaction.key(of: link.item) != link.key {
        batch.link(link.item, to: link.key)
      }
    }
  }

  private func holds(_ key: FeatureKey) throws(FeatureCacheError) -> Bool {
    try index.read { transaction throws(FeatureCacheError) in
      try transaction.location(of: key) != nil
    }
  }

  /// How many rows the vectors of a shard have room for, where nothing else tells.
  private func rowCount(of number: UInt32) -> Int {
    let length = fileLength(folder.file(ShardName.vectors(number))) ?? 0
    let header = NumpyHeader.bytes(rows: 0, width: descriptor.width, type: descriptor.elementType)
    return max(0, length - header.count) / descriptor.rowByteCount
  }
}
