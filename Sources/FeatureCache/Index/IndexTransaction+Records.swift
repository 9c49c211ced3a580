extension IndexTransaction {
  /// The row of a key; nil if the cache does not hold it.
  func location(of key: FeatureKey) throws(FeatureCacheError) -> RowLocation? {
    try get(.keys, key.bytes) { bytes, value throws(FeatureCacheError) in
      guard let location = RowLocation(record: value, key: bytes) else {
        throw .damagedIndex(path, "the record of key \(key) fails its checksum")
      }
      return location
    }
  }

  /// The key of an item; nil if the cache does not know the item.
  func key(of item: ItemID) throws(FeatureCacheError) -> FeatureKey? {
    try get(.items, item.indexKey) { bytes, value throws(FeatureCacheError) in
      guard let link = ItemLink(record: value, indexKey: bytes), link.item == item else {
        throw .damagedIndex(
          path, "the record of item \(item.text.debugDescription) fails its checksum")
      }
      return link.key
    }
  }

  func shard(_ number: UInt32) throws(FeatureCacheError) -> ShardEntry? {
    let name = ShardEntry(number: number, rows: 0, sidecar: 0).indexKey
    return try get(.shards, name) { bytes, value throws(FeatureCacheError) in
      guard let entry = ShardEntry(record: value, key: bytes) else {
        throw .damagedIndex(path, "the record of shard \(number) fails its checksum")
      }
      return entry
    }
  }

  /// Every item with its key, in the order of the index.
  func forEachLink(_ body: (ItemLink) throws(FeatureCacheError) -> Void) throws(FeatureCacheError) {
    try forEach(.items) { key, value throws(FeatureCacheError) in
      guard let link = ItemLink(record: value, indexKey: key) else {
        throw .damagedIndex(path, "an item record fails its checksum")
      }
      try body(link)
    }
  }

  /// Every key with its row, in the order of the keys.
  func forEachRow(
    _ body: (FeatureKey, RowLocation) throws(FeatureCacheError) -> Void
  ) throws(FeatureCacheError) {
    try forEach(.keys) { bytes, value throws(FeatureCacheError) in
      guard let key = FeatureKey(bytes: bytes),
        let location = RowLocation(record: value, key: bytes)
      else { throw .damagedIndex(path, "a key record fails its checksum") }
      try body(key, location)
    }
  }

  /// Enters a commit. Its rows and links replace earlier ones of the same key or item.
  ///
  /// - Parameters:
  ///   - dropping: rows to leave out, as their vectors are damaged.
  ///   - replacing: false for a commit older than what the index holds: it only adds.
  ///   - checkingLinks: leaves out links to keys that the index does not hold. Such an item loses
  ///     its earlier link too: no vector is better than that of another image.
  /// - Returns: the items whose links were left out.
  @discardableResult
  func apply(
    _ sidecar: Sidecar, checksum: UInt64, dropping: Set<Int> = [], replacing: Bool = true,
    checkingLinks: Bool
  ) throws(FeatureCacheError) -> Set<ItemID> {
    let entry = sidecar.entry(checksum: checksum)
    try put(.shards, entry.indexKey, entry.record)
    // In key order neighbouring entries share pages, which are copied once per commit.
    let order = sidecar.rows.indices.filter { !dropping.contains($0) }
      .sorted { (sidecar.rows[$0].key, $0) < (sidecar.rows[$1].key, $1) }
    for index in order {
      let row = sidecar.rows[index]
      let location = RowLocation(
        shard: sidecar.shard, row: UInt32(index), checksum: row.checksum)
      try put(.keys, row.key.bytes, location.record(for: row.key), replacing: replacing)
    }
    var links: [ItemID: FeatureKey] = [:]
    for link in sidecar.links { links[link.item] = link.key }
    var omitted: Set<ItemID> = []
    for (item, key) in links.sorted(by: { $0.key < $1.key }) {
      if checkingLinks, try location(of: key) == nil {
        omitted.insert(item)
        if replacing { try delete(.items, item.indexKey) }
      } else {
        let record = ItemLink(item: item, key: key).record
        try put(.items, item.indexKey, record, replacing: replacing)
      }
    }
    return omitted
  }
}
