import CLMDB
import Glibc

/// One LMDB transaction: aborted when dropped, unless committed.
struct IndexTransaction: ~Copyable {
  private var pointer: OpaquePointer?
  private let tables: IndexTables
  let path: String

  init(
    _ environment: OpaquePointer, writing: Bool, tables: IndexTables, path: String
  ) throws(FeatureCacheError) {
    self.tables = tables
    self.path = path
    let code = mdb_txn_begin(environment, nil, writing ? 0 : UInt32(MDB_RDONLY), &pointer)
    guard code == 0 else {
      pointer = nil
      throw IndexTransaction.failure(code, "begin", path)
    }
  }

  deinit {
    if let pointer { mdb_txn_abort(pointer) }
  }

  /// The number of the commit that this transaction sees.
  var snapshot: UInt64 { pointer.map { UInt64(mdb_txn_id($0)) } ?? 0 }

  mutating func commit() throws(FeatureCacheError) {
    let code = mdb_txn_commit(pointer)
    pointer = nil
    guard code == 0 else { throw IndexTransaction.failure(code, "commit", path) }
  }

  /// The handle of a table; it stays valid after this transaction commits.
  func open(_ table: IndexTable, creating: Bool) throws(FeatureCacheError) -> MDB_dbi {
    var handle: MDB_dbi = 0
    let code = mdb_dbi_open(pointer, table.rawValue, creating ? UInt32(MDB_CREATE) : 0, &handle)
    guard code == 0 else {
      if code == MDB_NOTFOUND { throw .damagedIndex(path, "the table \(table) is missing") }
      throw IndexTransaction.failure(code, "open table \(table)", path)
    }
    return handle
  }

  /// The value for a key, valid inside `body`; nil if there is none.
  func get<Result>(
    _ table: IndexTable, _ key: [UInt8],
    _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer)
      throws(FeatureCacheError) -> Result
  ) throws(FeatureCacheError) -> Result? {
    try unsafeBytes(of: key) { bytes throws(FeatureCacheError) -> Result? in
      var name = MDB_val(bytes)
      var value = MDB_val()
      let code = mdb_get(pointer, tables[table], &name, &value)
      if code == MDB_NOTFOUND { return nil }
      guard code == 0 else { throw IndexTransaction.failure(code, "get", path) }
      return try body(bytes, value.bytes)
    }
  }

  /// Stores a value; an entry that exists stays as it is where `replacing` is false.
  func put(
    _ table: IndexTable, _ key: [UInt8], _ value: [UInt8], replacing: Bool = true
  ) throws(FeatureCacheError) {
    try unsafeBytes(of: key) { key throws(FeatureCacheError) in
      try unsafeBytes(of: value) { value throws(FeatureCacheError) in
        var name = MDB_val(key)
        var content = MDB_val(value)
        let flags = replacing ? 0 : UInt32(MDB_NOOVERWRITE)
        let code = mdb_put(pointer, tables[table], &name, &content, flags)
        guard code == 0 || (!replacing && code == MDB_KEYEXIST) else {
          throw IndexTransaction.failure(code, "put", path)
        }
      }
    }
  }

  /// Removes an entry; one that is not there is no error.
  func delete(_ table: IndexTable, _ key: [UInt8]) throws(FeatureCacheError) {
    try unsafeBytes(of: key) { key throws(FeatureCacheError) in
      var name = MDB_val(key)
      let code = mdb_del(pointer, tables[table], &name, nil)
      guard code == 0 || code == MDB_NOTFOUND else {
        throw IndexTransaction.failure(code, "delete", path)
      }
    }
  }

  /// Number of entries in a table.
  func count(_ table: IndexTable) throws(FeatureCacheError) -> Int {
    var status = MDB_stat()
    let code = mdb_stat(pointer, tables[table], &status)
    guard code == 0 else { throw IndexTransaction.failure(code, "stat", path) }
    return Int(clamping: status.ms_entries)
  }

  /// Every entry of a table in the byte order of the keys, from a key on.
  func forEach(
    _ table: IndexTable, from first: [UInt8] = [],
    _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer)
      throws(FeatureCacheError) -> Void
  ) throws(FeatureCacheError) {
    var cursor: OpaquePointer?
    var code = mdb_cursor_open(pointer, tables[table], &cursor)
    guard code == 0 else { throw IndexTransaction.failure(code, "open cursor", path) }
    defer { mdb_cursor_close(cursor) }
    var key = MDB_val()
    var value = MDB_val()
    code =
      first.isEmpty
      ? mdb_cursor_get(cursor, &key, &value, MDB_FIRST)
      : first.withUnsafeBytes { bytes in
        key = MDB_val(bytes)
        return mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE)
      }
    while true {
      if code == MDB_NOTFOUND { return }
      guard code == 0 else { throw IndexTransaction.failure(code, "cursor", path) }
      try body(key.bytes, value.bytes)
      code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)
    }
  }

  /// What an LMDB result code means to a user.
  static func failure(_ code: Int32, _ call: String, _ path: String) -> FeatureCacheError {
    switch code {
    case MDB_MAP_FULL:
      return FeatureCacheError(
        code: .indexFull, path: path, message: "the index map is full",
        advice: "It grows by itself; seeing this means that the address space is exhausted")
    case MDB_MAP_RESIZED:
      return FeatureCacheError(
        code: .indexResized, path: path, message: "another process keeps growing the index map",
        advice: "Try again once its commit is done")
    case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_INVALID, MDB_BAD_TXN, MDB_INCOMPATIBLE,
      MDB_VERSION_MISMATCH, MDB_CURSOR_FULL:
      return .damagedIndex(path, "\(call): \(String(cString: mdb_strerror(code)))")
    case ENOSPC, EDQUOT, EIO, EROFS, EACCES, EPERM:
      return OpenFile.writeFailure(path, "index \(call)", code, needed: 1 << 16)
    default:
      return FeatureCacheError(
        code: .indexFailure, path: path,
        message: "index \(call) failed: \(String(cString: mdb_strerror(code))) (\(code))",
        advice: "Close other programs that use the cache, or repair it: vitrine cache repair")
    }
  }
}

extension MDB_val {
  init(_ bytes: UnsafeRawBufferPointer) {
    self.init(
      mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
  }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: mv_data, count: mv_size) }
}
