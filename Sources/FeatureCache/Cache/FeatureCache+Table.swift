extension FeatureCache {
  /// All items with their vectors, in the byte order of the ids: `vectors` is row-major
  /// `[ids.count, width]`.
  ///
  /// - Throws: `damagedRow` or `damagedShard` where any of them cannot be read as it was written.
  package func loadTable() throws(FeatureCacheError) -> (
    ids: [String], width: Int, vectors: [Float]
  ) {
    try followingCompaction { () throws(FeatureCacheError) in try readTable() }
  }

  private func readTable() throws(FeatureCacheError) -> (
    ids: [String], width: Int, vectors: [Float]
  ) {
    let items = try sortedItems()
    let width = descriptor.width
    var vectors = [Float](repeating: 0, count: items.count * width)
    // In the order of the disk, each shard is read front to back.
    let order = items.indices.sorted {
      let (left, right) = (items[$0].row.location, items[$1].row.location)
      return (left.shard, left.row) < (right.shard, right.row)
    }
    try vectors.withUnsafeMutableBufferPointer { vectors throws(FeatureCacheError) in
      guard let base = vectors.baseAddress else { return }
      var start = order.startIndex
      while start < order.endIndex {
        let shard = items[order[start]].row.location.shard
        let end = order[start...].firstIndex { items[$0].row.location.shard != shard }
        let part = order[start..<(end ?? order.endIndex)]
        try forEachRow(of: shard, part.map { items[$0].row }) { position, bytes in
          format.decode(bytes, to: base + part[part.startIndex + position] * width)
        }
        start = part.endIndex
      }
    }
    return (items.map(\.item.text), width, vectors)
  }

  /// An item and where its vector is stored.
  struct ItemRow {
    let item: ItemID
    let row: Row
  }

  /// Every item in the byte order of the ids, all from one commit.
  func sortedItems() throws(FeatureCacheError) -> [ItemRow] {
    var items = try index.read { transaction throws(FeatureCacheError) in
      var items: [ItemRow] = []
      items.reserveCapacity(try transaction.count(.items))
      try transaction.forEachLink { link throws(FeatureCacheError) in
        guard let location = try transaction.location(of: link.key) else {
          throw .damagedIndex(
            transaction.path,
            "item \(link.item.text.debugDescription) refers to the missing key \(link.key)")
        }
        items.append(ItemRow(item: link.item, row: Row(key: link.key, location: location)))
      }
      return items
    }
    // Only ids kept by their digest are out of order.
    if !items.allSatisfy(\.item.isLiteral) { items.sort { $0.item < $1.item } }
    return items
  }

  /// Reads rows of one shard, given in the order of the disk, through one buffer, and checks each.
  func forEachRow(
    of number: UInt32, _ rows: [Row],
    _ body: (Int, UnsafeRawBufferPointer) throws(FeatureCacheError) -> Void
  ) throws(FeatureCacheError) {
    let shard = try shardFile(number)
    let rowBytes = format.byteCount
    let window = max(1, (1 << 22) / rowBytes)
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: window * rowBytes, alignment: 64)
    defer { buffer.deallocate() }
    var loaded = 0..<0
    for (position, row) in rows.enumerated() {
      let index = Int(row.location.row)
      if !loaded.contains(index) {
        loaded = index..<max(index + 1, min(index + window, shard.rows))
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(loaded.count * rowBytes)])
        try shard.read(rows: loaded, into: part)
      }
      let start = (index - loaded.lowerBound) * rowBytes
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[start..<start + rowBytes])
      guard Checksum.of(bytes) == row.location.checksum else {
        throw .damagedRow(shard.path, row: index, key: row.key)
      }
      try body(position, bytes)
    }
  }
}
