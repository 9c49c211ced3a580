/// The values of the index. LMDB checks nothing, so each value ends with a checksum over its key
/// and itself; a record that fails it reads as nil.

/// Where a vector is stored.
struct RowLocation: Hashable, Sendable {
  let shard: UInt32
  let row: UInt32
  /// XXH64 of the stored row.
  let checksum: UInt64

  func record(for key: FeatureKey) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: shard)
    bytes.append(little: row)
    bytes.append(little: checksum)
    bytes.append(little: Checksum.of(key.bytes + bytes))
    return bytes
  }

  static let byteCount = 24
}

extension RowLocation {
  init?(record: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer) {
    guard key.count == FeatureKey.byteCount, record.count == RowLocation.byteCount else {
      return nil
    }
    var reader = ByteReader(record)
    guard let shard = reader.next(UInt32.self), let row = reader.next(UInt32.self),
      let checksum = reader.next(UInt64.self), let sum = reader.next(UInt64.self),
      sum == Checksum.of(Array(key) + Array(record.prefix(16)))
    else { return nil }
    self.init(shard: shard, row: row, checksum: checksum)
  }
}

/// A shard that the index knows.
struct ShardEntry: Hashable, Sendable {
  let number: UInt32
  let rows: UInt32
  /// Checksum of the sidecar file, which holds the row checksums.
  let sidecar: UInt64

  /// A shard that a compaction has replaced: its files are to be removed, and never taken in again.
  static func retired(_ number: UInt32) -> ShardEntry {
    ShardEntry(number: number, rows: 0, sidecar: 0)
  }

  var isRetired: Bool { rows == 0 && sidecar == 0 }

  var indexKey: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: number.byteSwapped)
    return bytes
  }

  var record: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: rows)
    bytes.append(little: sidecar)
    bytes.append(little: Checksum.of(indexKey + bytes))
    return bytes
  }
}

extension ShardEntry {
  init?(record: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer) {
    var keyReader = ByteReader(key)
    var reader = ByteReader(record)
    guard key.count == 4, record.count == 20, let number = keyReader.next(UInt32.self),
      let rows = reader.next(UInt32.self), let sidecar = reader.next(UInt64.self),
      let sum = reader.next(UInt64.self),
      sum == Checksum.of(Array(key) + Array(record.prefix(12)))
    else { return nil }
    self.init(number: number.byteSwapped, rows: rows, sidecar: sidecar)
  }
}

/// Which vector an item shows.
struct ItemLink: Hashable, Sendable {
  let item: ItemID
  let key: FeatureKey

  /// The key, a checksum, and the id itself where the index key is only its digest.
  var record: [UInt8] {
    let sum = Checksum.of(key.bytes + item.bytes)
    var bytes = key.bytes
    bytes.append(little: sum)
    return item.isLiteral ? bytes : bytes + item.bytes
  }
}

extension ItemLink {
  init?(record: UnsafeRawBufferPointer, indexKey: UnsafeRawBufferPointer) {
    var reader = ByteReader(record)
    guard let keyBytes = reader.next(count: FeatureKey.byteCount),
      let key = FeatureKey(bytes: keyBytes), let sum = reader.next(UInt64.self),
      let tag = indexKey.first
    else { return nil }
    let item: ItemID
    switch tag {
    case 0 where reader.remaining == 0:
      item = ItemID(bytes: indexKey.dropFirst())
    case 1:
      item = ItemID(bytes: record.dropFirst(FeatureKey.byteCount + 8))
    default:
      return nil
    }
    guard sum == Checksum.of(key.bytes + item.bytes), indexKey.elementsEqual(item.indexKey) else {
      return nil
    }
    self.init(item: item, key: key)
  }
}
