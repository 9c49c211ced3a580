import Synchronization

extension FeatureCache {
  /// Whether a vector is stored for the key, or waits in this handle for `commit()`.
  package func contains(_ key: FeatureKey) throws(FeatureCacheError) -> Bool {
    if writer.withLock({ $0?.waits(key) ?? false }) { return true }
    return try index.read { transaction throws(FeatureCacheError) in
      try transaction.location(of: key) != nil
    }
  }

  /// The key of an item's vector; nil for an unknown item.
  package func key(forItem item: String) throws(FeatureCacheError) -> FeatureKey? {
    try index.read { transaction throws(FeatureCacheError) in
      try transaction.key(of: ItemID(item))
    }
  }

  /// The committed vector of an item; nil for an unknown item.
  package func vector(forItem item: String) throws(FeatureCacheError) -> [Float]? {
    try followingCompaction { () throws(FeatureCacheError) in
      guard let row = try row(ofItem: item) else { return nil }
      return try vector(row)
    }
  }

  private func row(ofItem item: String) throws(FeatureCacheError) -> Row? {
    try index.read { transaction throws(FeatureCacheError) -> Row? in
      guard let key = try transaction.key(of: ItemID(item)) else { return nil }
      guard let location = try transaction.location(of: key) else {
        throw .damagedIndex(
          transaction.path, "item \(item.debugDescription) refers to the missing key \(key)")
      }
      return Row(key: key, location: location)
    }
  }

  /// The committed vector of a key; nil for an unknown key.
  package func vector(forKey key: FeatureKey) throws(FeatureCacheError) -> [Float]? {
    try followingCompaction { () throws(FeatureCacheError) in
      let location = try index.read { transaction throws(FeatureCacheError) in
        try transaction.location(of: key)
      }
      guard let location else { return nil }
      return try vector(Row(key: key, location: location))
    }
  }

  /// A key and where its vector is stored.
  struct Row {
    let key: FeatureKey
    let location: RowLocation
  }

  private func vector(_ row: Row) throws(FeatureCacheError) -> [Float] {
    try withBytes(of: row) { bytes in
      [Float](unsafeUninitializedCapacity: descriptor.width) { vector, count in
        if let base = vector.baseAddress { format.decode(bytes, to: base) }
        count = descriptor.width
      }
    }
  }

  /// The stored bytes of a row, after comparing their checksum.
  func withBytes<Result>(
    of row: Row, _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(FeatureCacheError) -> Result {
    let shard = try shardFile(row.location.shard)
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: format.byteCount, alignment: 16)
    defer { buffer.deallocate() }
    let number = Int(row.location.row)
    try shard.read(rows: number..<number + 1, into: buffer)
    let bytes = UnsafeRawBufferPointer(buffer)
    guard Checksum.of(bytes) == row.location.checksum else {
      throw .damagedRow(shard.path, row: number, key: row.key)
    }
    return body(bytes)
  }
}
