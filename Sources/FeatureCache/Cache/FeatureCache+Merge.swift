extension FeatureCache {
  /// Takes over what another cache of the same descriptor holds: vectors that this one lacks, and
  /// all its links. Commits a shard for each 64 MiB; call it again after an interruption.
  ///
  /// - Returns: the vectors and links added.
  @discardableResult
  package func merge(from source: FeatureCache) throws(FeatureCacheError) -> CommitSummary {
    try source.descriptor.check(against: descriptor, path: source.path)
    var added = CommitSummary(rows: 0, links: 0)
    try source.followingCompaction { () throws(FeatureCacheError) in
      try take(from: source, counting: &added)
    }
    try commit()
    return added
  }

  private func take(
    from source: FeatureCache, counting added: inout CommitSummary
  ) throws(FeatureCacheError) {
    var rows: [Row] = []
    var links: [ItemLink] = []
    try source.index.read { transaction throws(FeatureCacheError) in
      try transaction.forEachRow { key, location throws(FeatureCacheError) in
        rows.append(Row(key: key, location: location))
      }
      try transaction.forEachLink { link throws(FeatureCacheError) in links.append(link) }
    }
    // In the order of the source's disk, which is also the order of its extraction.
    rows.sort { ($0.location.shard, $0.location.row) < ($1.location.shard, $1.location.row) }
    for row in rows {
      guard !(try contains(row.key)) else { continue }
      try writing("merge") { state throws(FeatureCacheError) in
        try source.withBytes(of: row) { state.pending.add(row.key, row: $0) }
      }
      added.rows += 1
      if pending.bytes >= 1 << 26 { try commit() }
    }
    for link in links where try key(forItem: link.item.text) != link.key {
      try writing("merge") { state throws(FeatureCacheError) in
        state.pending.link(link.item, to: link.key)
      }
      added.links += 1
    }
  }
}
