extension Sidecar {
  /// The rows of the shard that do not match their checksums, by position. Reads the whole shard.
  ///
  /// - Throws: `damagedShard` where the vectors are missing or their file has another length.
  func damagedRows(
    in folder: Folder, _ descriptor: FeatureCacheDescriptor
  ) throws(FeatureCacheError) -> [Int: FeatureCacheError] {
    guard !rows.isEmpty else { return [:] }
    let file = try ShardFile(shard, rows: rows.count, folder: folder, descriptor: descriptor)
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: descriptor.rowByteCount, alignment: 16)
    defer { buffer.deallocate() }
    var damaged: [Int: FeatureCacheError] = [:]
    for (index, row) in rows.enumerated() {
      try file.read(rows: index..<index + 1, into: buffer)
      guard Checksum.of(UnsafeRawBufferPointer(buffer)) != row.checksum else { continue }
      damaged[index] = .damagedRow(file.path, row: index, key: row.key)
    }
    return damaged
  }
}
