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

  /// Writes the batch as a shard and puts it in its place. Only then may the index refer to it.
  func publish(
    as number: UInt32, in folder: Folder, _ descriptor: FeatureCacheDescriptor
  ) throws(FeatureCacheError) -> PublishedShard {
    let sidecar = Sidecar(shard: number, rows: rows, links: links)
    return try PublishedShard(sidecar, in: folder, descriptor) {
      output throws(FeatureCacheError) in
      try output.write(payload)
    }
  }
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
