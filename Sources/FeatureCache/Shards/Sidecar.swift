/// `shard-NNNNNN.keys`: everything the index knows about one commit, so that the index can be
/// rebuilt. A commit that only links items to stored vectors has a sidecar and no `.npy`.
///
/// Little-endian: magic `VITRKEY1`, shard number u32, rows u32, links u64, fingerprint of the
/// descriptor u64; per row its key (32 bytes) and checksum u64; per link the key (32 bytes), the
/// length of the item id u32 and the id; last the XXH64 of all before it.
struct Sidecar: Sendable {
  struct Row: Hashable, Sendable {
    let key: FeatureKey
    let checksum: UInt64
  }

  let shard: UInt32
  let rows: [Row]
  let links: [ItemLink]

  private static let magic = Array("VITRKEY1".utf8)

  /// What the index keeps of it; `checksum` is that of the encoded sidecar.
  func entry(checksum: UInt64) -> ShardEntry {
    ShardEntry(number: shard, rows: UInt32(rows.count), sidecar: checksum)
  }

  func encoded(fingerprint: UInt64) -> (bytes: [UInt8], checksum: UInt64) {
    var bytes = Sidecar.magic
    bytes.reserveCapacity(64 + 40 * rows.count + 64 * links.count)
    bytes.append(little: shard)
    bytes.append(little: UInt32(rows.count))
    bytes.append(little: UInt64(links.count))
    bytes.append(little: fingerprint)
    for row in rows {
      bytes += row.key.bytes
      bytes.append(little: row.checksum)
    }
    for link in links {
      bytes += link.key.bytes
      bytes.append(little: UInt32(link.item.bytes.count))
      bytes += link.item.bytes
    }
    let checksum = Checksum.of(bytes)
    bytes.append(little: checksum)
    return (bytes, checksum)
  }

  /// Reads a sidecar and checks every byte of it.
  ///
  /// - Throws: `notFound`; `damagedShard`; `descriptorMismatch` for a sound sidecar with another
  ///   fingerprint; `systemFailure` where the system refuses, which says nothing about the file.
  static func read(
    _ number: UInt32, from folder: Folder, fingerprint: UInt64
  ) throws(FeatureCacheError) -> (sidecar: Sidecar, checksum: UInt64) {
    let (bytes, checksum) = try bytes(number, from: folder, fingerprint: fingerprint)
    return try unsafeBytes(of: bytes) { bytes throws(FeatureCacheError) in
      var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(magic.count + 4)))
      guard let rowCount = reader.next(UInt32.self), let linkCount = reader.next(UInt64.self),
        reader.next(UInt64.self) != nil, let rows = rows(&reader, rowCount),
        let links = links(&reader, linkCount), reader.remaining == 8
      else {
        throw .damagedShard(
          folder.file(ShardName.sidecar(number)), "the sidecar's counts do not match its length")
      }
      return (Sidecar(shard: number, rows: rows, links: links), checksum)
    }
  }

  /// Bytes before the first row.
  static let headerBytes = magic.count + 24

  /// The whole file, with its checksum, shard number and fingerprint compared.
  static func bytes(
    _ number: UInt32, from folder: Folder, fingerprint: UInt64
  ) throws(FeatureCacheError) -> (bytes: [UInt8], checksum: UInt64) {
    let path = folder.file(ShardName.sidecar(number))
    let bytes = try OpenFile(reading: path).contents(limit: 1 << 34) {
      .damagedShard(path, $0)
    }
    guard bytes.count >= headerBytes + 8 else {
      throw .damagedShard(path, "the sidecar is cut short: \(bytes.count) bytes")
    }
    let checksum = try unsafeBytes(of: bytes) { bytes throws(FeatureCacheError) in
      let body = UnsafeRawBufferPointer(rebasing: bytes.dropLast(8))
      var sum = ByteReader(UnsafeRawBufferPointer(rebasing: bytes.suffix(8)))
      let checksum = Checksum.of(body)
      guard sum.next(UInt64.self) == checksum, body.prefix(magic.count).elementsEqual(magic) else {
        throw .damagedShard(path, "the sidecar does not match its checksum")
      }
      var reader = ByteReader(UnsafeRawBufferPointer(rebasing: body.dropFirst(magic.count)))
      guard reader.next(UInt32.self) == number, reader.next(UInt32.self) != nil,
        reader.next(UInt64.self) != nil
      else { throw .damagedShard(path, "the sidecar belongs to another shard") }
      guard reader.next(UInt64.self) == fingerprint else { throw .foreignShard(path) }
      return checksum
    }
    return (bytes, checksum)
  }

  private static func rows(_ reader: inout ByteReader, _ count: UInt32) -> [Row]? {
    guard Int(count) <= reader.remaining / 40 else { return nil }
    var rows: [Row] = []
    rows.reserveCapacity(Int(count))
    for _ in 0..<count {
      guard let bytes = reader.next(count: FeatureKey.byteCount),
        let key = FeatureKey(bytes: bytes), let checksum = reader.next(UInt64.self)
      else { return nil }
      rows.append(Row(key: key, checksum: checksum))
    }
    return rows
  }

  private static func links(_ reader: inout ByteReader, _ count: UInt64) -> [ItemLink]? {
    guard count <= UInt64(reader.remaining / 36) else { return nil }
    var links: [ItemLink] = []
    links.reserveCapacity(Int(count))
    for _ in 0..<count {
      guard let bytes = reader.next(count: FeatureKey.byteCount),
        let key = FeatureKey(bytes: bytes), let length = reader.next(UInt32.self),
        let item = reader.next(count: Int(length))
      else { return nil }
      links.append(ItemLink(item: ItemID(bytes: item), key: key))
    }
    return links
  }
}
