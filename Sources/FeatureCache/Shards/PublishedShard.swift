/// A shard that lies in its place, for the index to take up.
struct PublishedShard: Sendable {
  let sidecar: Sidecar
  let checksum: UInt64

  /// Writes a shard: both files under temporary names, on the disk, then renamed, the sidecar first.
  ///
  /// - Parameter writeVectors: writes the rows of the sidecar, in order, without a header.
  /// - Throws: `diskFull` before anything is written where there is no room for it. Whatever is
  ///   thrown, no temporary file is left.
  init(
    _ sidecar: Sidecar, in folder: Folder, _ descriptor: FeatureCacheDescriptor,
    writeVectors: (borrowing OpenFile) throws(FeatureCacheError) -> Void
  ) throws(FeatureCacheError) {
    let (bytes, checksum) = sidecar.encoded(fingerprint: descriptor.fingerprint)
    let names = [ShardName.sidecar(sidecar.shard), ShardName.vectors(sidecar.shard)]
    let rows = sidecar.rows.count
    try PublishedShard.checkSpace(
      folder, fileBytes: rows * descriptor.rowByteCount + bytes.count,
      entries: rows + sidecar.links.count)
    do throws(FeatureCacheError) {
      try folder.prepare(names[0]) { output throws(FeatureCacheError) in try output.write(bytes) }
      if rows > 0 {
        let header = NumpyHeader.bytes(
          rows: rows, width: descriptor.width, type: descriptor.elementType)
        try folder.prepare(names[1]) { output throws(FeatureCacheError) in
          try output.write(header)
          try writeVectors(output)
        }
      }
      try folder.publish(names[0])
      if rows > 0 { try folder.publish(names[1]) }
      try folder.synchronize()
    } catch {
      // What a full disk has cut off would only take up room.
      folder.discard(names)
      throw error
    }
    self.sidecar = sidecar
    self.checksum = checksum
  }

  /// LMDB meets a full disk in the middle of a commit; asking first is kinder.
  private static func checkSpace(
    _ folder: Folder, fileBytes: Int, entries: Int
  ) throws(FeatureCacheError) {
    // New records, and a copy of each index page that they touch.
    let indexes = Folder(folder.file(FeatureCache.indexFolder))
    let indexBytes = fileLength(indexes.file(IndexHeader.dataFile)) ?? 0
    let index = min(entries * 4096, indexBytes) + entries * 256 + 1 << 16
    let needed = fileBytes + index
    let free = freeBytes(at: folder.path)
    guard free >= needed else { throw .diskFull(folder.path, needed: needed, free: free) }
  }
}
