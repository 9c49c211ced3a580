/// The keys and row checksums of one shard as they lie in its sidecar, without a copy in memory of
/// each. Opening checks every byte.
struct SidecarTable: Sendable {
  private let bytes: [UInt8]
  let count: Int

  init(_ entry: ShardEntry, of cache: FeatureCache) throws(FeatureCacheError) {
    let path = cache.folder.file(ShardName.sidecar(entry.number))
    let (bytes, checksum): ([UInt8], UInt64)
    do throws(FeatureCacheError) {
      (bytes, checksum) = try Sidecar.bytes(
        entry.number, from: cache.folder, fingerprint: cache.descriptor.fingerprint)
    } catch {
      guard error.code == .notFound else { throw error }
      throw .damagedShard(path, "the sidecar is missing")
    }
    count = Int(entry.rows)
    guard checksum == entry.sidecar, bytes.count >= Sidecar.headerBytes + 40 * count else {
      throw .damagedShard(path, "the sidecar and the index disagree")
    }
    self.bytes = bytes
  }

  /// The checksum of the row at a position below `count`.
  func checksum(_ row: Int) -> UInt64 {
    bytes.withUnsafeBytes { bytes in
      let place = Sidecar.headerBytes + 40 * row + FeatureKey.byteCount
      return bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian
    }
  }

  /// The key of the row at a position below `count`.
  func key(_ row: Int) -> FeatureKey {
    let place = Sidecar.headerBytes + 40 * row
    guard let key = FeatureKey(bytes: Array(bytes[place..<place + FeatureKey.byteCount])) else {
      preconditionFailure("a key has \(FeatureKey.byteCount) bytes")
    }
    return key
  }
}
