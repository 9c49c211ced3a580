/// Vectors and links that wait for a commit.
struct Batch: Sendable {
  private(set) var rows: [Sidecar.Row] = []
  private(set) var payload: [UInt8] = []
  private(set) var links: [ItemLink] = []
  private var keys: Set<FeatureKey> = []

  var isEmpty: Bool { rows.isEmpty && links.isEmpty }

  func contains(_ key: FeatureKey) -> Bool { keys.contains(key) }

  /// Adds a row by its stored bytes.
  mutating func add(_ key: FeatureKey, row: UnsafeRawBufferPointer) {
    guard keys.insert(key).inserted else { return }
    rows.append(Sidecar.Row(key: key, checksum: Checksum.of(row)))
    payload.append(contentsOf: row)
  }

  mutating func add(_ key: FeatureKey, vector: [Float], format: RowFormat) {
    guard keys.insert(key).inserted else { return }
    let start = payload.count
    format.append(vector, to: &payload)
    let checksum = payload.withUnsafeBytes {
      Checksum.of(UnsafeRawBufferPointer(rebasing: $0[start...]))
    }
    rows.append(Sidecar.Row(key: key, checksum: checksum))
  }

  mutating func link(_ item: ItemID, to key: FeatureKey) {
    links.append(ItemLink(item: item, key: key))
  }

  /// Writes the batch as a shard: both files under temporary names, on the disk, then renamed, the
  /// sidecar first. Only then may the index refer to them.
  func publish(
    as number: UInt32, in folder: Folder, _ descriptor: FeatureCacheDescriptor
  ) throws(FeatureCacheError) -> PublishedShard {
    let sidecar = Sidecar(shard: number, rows: rows, links: links)
    let (bytes, checksum) = sidecar.encoded(fingerprint: descriptor.fingerprint)
    try checkSpace(folder, sidecarBytes: bytes.count)
    try folder.prepare(ShardName.sidecar(number)) { output throws(FeatureCacheError) in
      try output.write(bytes)
    }
    if !rows.isEmpty {
      let header = NumpyHeader.bytes(
        rows: rows.count, width: descriptor.width, type: descriptor.elementType)
      try folder.prepare(ShardName.vectors(number)) { output throws(FeatureCacheError) in
        try output.write(header)
        try output.write(payload)
      }
    }
    try folder.publish(ShardName.sidecar(number))
    if !rows.isEmpty { try folder.publish(ShardName.vectors(number)) }
    try folder.synchronize()
    return PublishedShard(sidecar: sidecar, checksum: checksum)
  }

  /// LMDB meets a full disk in the middle of a commit; asking first is kinder.
  private func checkSpace(_ folder: Folder, sidecarBytes: Int) throws(FeatureCacheError) {
    let entries = rows.count + links.count
    // New records, and a copy of each index page that they touch.
    let indexes = Folder(folder.file(FeatureCache.indexFolder))
    let indexBytes = fileLength(indexes.file(IndexHeader.dataFile)) ?? 0
    let index = min(entries * 4096, indexBytes) + entries * 256 + 1 << 16
    let needed = payload.count + sidecarBytes + index
    let free = freeBytes(at: folder.path)
    guard free >= needed else { throw .diskFull(folder.path, needed: needed, free: free) }
  }
}

/// A shard that lies in its place, for the index to take up.
struct PublishedShard: Sendable {
  let sidecar: Sidecar
  let checksum: UInt64
}

/// What a writing handle holds.
struct WriterState: Sendable {
  let lock: WriterLock
  /// The number of the next shard.
  var next: UInt32
  var pending = Batch()
  /// In place on the disk, but the index commit failed; tried again before anything else.
  var published: PublishedShard?

  init(lock: WriterLock, next: UInt32) {
    self.lock = lock
    self.next = next
  }

  func waits(_ key: FeatureKey) -> Bool {
    pending.contains(key) || published?.sidecar.rows.contains { $0.key == key } ?? false
  }
}
