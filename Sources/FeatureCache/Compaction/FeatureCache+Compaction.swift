extension FeatureCache {
  /// Rewrites small shards, and those with rows that nothing needs any more, into few large ones.
  ///
  /// Readers go on meanwhile. A process that ends at any point loses nothing, and the next call
  /// goes on: an old shard is removed only when the index leads to the new one, and the index
  /// remembers which ones are to be removed. Every vector is checked as it is copied.
  ///
  /// - Parameters:
  ///   - droppingUnlinked: leaves out vectors that no item shows, as of posters that have changed.
  ///   - shardBytes: vectors of a new shard.
  ///   - isDryRun: only says what would be done.
  ///   - onStep: called after each step.
  /// - Throws: `damagedRow` and `damagedShard`, which a repair must handle first; `diskFull` with
  ///   what the next new shard needs.
  /// - Complexity: memory for the keys and links of one new shard; with `droppingUnlinked` also 32
  ///   bytes for each item.
  package func compact(
    droppingUnlinked: Bool = false, shardBytes: Int = 1 << 28, isDryRun: Bool = false,
    onStep: (CompactionStep) throws(FeatureCacheError) -> Void = { _ in }
  ) throws(FeatureCacheError) -> CompactionReport {
    if isDryRun {
      return try followingCompaction { () throws(FeatureCacheError) in
        let linked = droppingUnlinked ? try linkedKeys() : nil
        return try CompactionPlan(self, shardBytes: shardBytes, linked: linked).report
      }
    }
    try commit()
    return try writing("compact the cache") { state throws(FeatureCacheError) in
      var linked = droppingUnlinked ? try linkedKeys() : nil
      // Another thread may have linked something since.
      for link in state.pending.links { linked?.insert(link.key) }
      let plan = try CompactionPlan(self, shardBytes: shardBytes, linked: linked)
      guard !plan.groups.isEmpty else { return plan.report }
      // Old and new shards lie side by side until the end.
      let free = freeBytes(at: path)
      guard free >= plan.report.newBytes else {
        throw .diskFull(path, needed: plan.report.newBytes, free: free)
      }
      var report = plan.report
      report.newBytes = 0
      var dropped: [FeatureKey] = []
      for (position, group) in plan.groups.enumerated() {
        let later = Set(plan.groups[(position + 1)...].joined())
        let (sidecar, rows, unlinked) = try gather(group, as: state.next, linked, later)
        dropped += unlinked
        let following = try ShardName.number(after: state.next, in: folder)
        let shard = try PublishedShard(sidecar, in: folder, descriptor) {
          output throws(FeatureCacheError) in
          try copy(rows, to: output)
        }
        state.next = following
        try onStep(.published(sidecar.shard))
        try enter(shard)
        try onStep(.entered(sidecar.shard))
        report.newBytes += fileSizes(of: sidecar.shard)
      }
      try retire(plan.groups.joined(), dropped)
      try onStep(.retired)
      try FeatureCache.removeRetired(folder, index)
      try onStep(.removed)
      return report
    }
  }

  private func linkedKeys() throws(FeatureCacheError) -> Set<FeatureKey> {
    try index.read { transaction throws(FeatureCacheError) in
      var keys: Set<FeatureKey> = []
      try transaction.forEachLink { link throws(FeatureCacheError) in keys.insert(link.key) }
      return keys
    }
  }

  /// What the new shard in the place of old ones will hold: their rows that are in use, and the
  /// items that they link, each with the key that it shows now.
  private func gather(
    _ group: [UInt32], as number: UInt32, _ linked: Set<FeatureKey>?, _ later: Set<UInt32>
  ) throws(FeatureCacheError) -> (sidecar: Sidecar, rows: [Row], unlinked: [FeatureKey]) {
    try index.read { transaction throws(FeatureCacheError) in
      var rows: [Row] = []
      var links: [ItemLink] = []
      var items: Set<ItemID> = []
      var unlinked: [FeatureKey] = []
      for old in group {
        guard let entry = try transaction.shard(old) else {
          throw .damagedIndex(transaction.path, "shard \(old) has vanished from it")
        }
        let sidecar = try self.sidecar(of: entry)
        rows += try sidecar.liveRows(transaction, linked: linked)
        if let linked { unlinked += sidecar.rows.map(\.key).filter { !linked.contains($0) } }
        for link in sidecar.links where items.insert(link.item).inserted {
          guard let key = try transaction.key(of: link.item),
            let location = try transaction.location(of: key),
            // Linked again by a later shard, which will say so after the key has its place.
            !later.contains(location.shard)
          else { continue }
          links.append(ItemLink(item: link.item, key: key))
        }
      }
      let stored = rows.map { Sidecar.Row(key: $0.key, checksum: $0.location.checksum) }
      return (Sidecar(shard: number, rows: stored, links: links), rows, unlinked)
    }
  }

  /// Copies rows, given in the order of the disk, and checks each.
  private func copy(_ rows: [Row], to output: borrowing OpenFile) throws(FeatureCacheError) {
    var buffer: [UInt8] = []
    buffer.reserveCapacity(1 << 20 + format.byteCount)
    var start = rows.startIndex
    while start < rows.endIndex {
      let shard = rows[start].location.shard
      let end = rows[start...].firstIndex { $0.location.shard != shard } ?? rows.endIndex
      try forEachRow(of: shard, Array(rows[start..<end])) { _, bytes throws(FeatureCacheError) in
        buffer.append(contentsOf: bytes)
        guard buffer.count >= 1 << 20 else { return }
        try output.write(buffer)
        buffer.removeAll(keepingCapacity: true)
      }
      start = end
    }
    try output.write(buffer)
  }

  private func retire(
    _ shards: some Sequence<UInt32>, _ unlinked: [FeatureKey]
  ) throws(FeatureCacheError) {
    let numbers = Set(shards)
    try index.write { transaction throws(FeatureCacheError) in
      for key in unlinked {
        guard let location = try transaction.location(of: key), numbers.contains(location.shard)
        else { continue }
        try transaction.delete(.keys, key.bytes)
      }
      for number in numbers.sorted() {
        let entry = ShardEntry.retired(number)
        try transaction.put(.shards, entry.indexKey, entry.record)
      }
    }
  }

  private func fileSizes(of shard: UInt32) -> Int {
    [ShardName.sidecar(shard), ShardName.vectors(shard)].reduce(0) {
      $0 + (fileLength(folder.file($1)) ?? 0)
    }
  }
}
