import CLMDB
import Glibc

/// An LMDB environment, closed with its owner.
struct EnvironmentHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer

  /// More than the default of 126, which a service with many threads outgrows; a slot is 64 bytes.
  private static let readers: UInt32 = 2048

  private init(path: String) throws(FeatureCacheError) {
    var created: OpaquePointer?
    let code = mdb_env_create(&created)
    guard code == 0, let created else { throw IndexTransaction.failure(code, "create", path) }
    pointer = created
  }

  static func open(
    _ folder: Folder, mapBytes: Int, readOnly: Bool
  ) throws(FeatureCacheError) -> EnvironmentHandle {
    let path = folder.file(IndexHeader.dataFile)
    let handle = try EnvironmentHandle(path: path)
    mdb_env_set_maxreaders(handle.pointer, readers)
    mdb_env_set_maxdbs(handle.pointer, UInt32(IndexTable.allCases.count))
    var code = mdb_env_set_mapsize(handle.pointer, mapBytes)
    guard code == 0 else { throw IndexTransaction.failure(code, "set map size", path) }
    // Default synchronisation and locks, and no writable map: each of the faster flags loses data
    // or dies of SIGBUS on a full disk. NOTLS, as tasks are not bound to threads.
    let flags = UInt32(MDB_NOTLS) | (readOnly ? UInt32(MDB_RDONLY) : 0)
    code = mdb_env_open(handle.pointer, folder.path, flags, 0o644)
    guard code == 0 else {
      let lock = folder.file(lockFile)
      guard code == EACCES, access(lock, W_OK) != 0 else {
        throw IndexTransaction.failure(code, "open", path)
      }
      throw FeatureCacheError(
        code: .readOnly, path: lock,
        message: "readers register in the index's lock file, and this user may not write to it",
        advice: "Let its owner make it writable (chmod g+w, or o+w), or read a copy of the cache")
    }
    // Slots of readers that died would keep old pages from being reused.
    var dead: Int32 = 0
    mdb_reader_check(handle.pointer, &dead)
    return handle
  }

  static let lockFile = "lock.mdb"

  /// The file that LMDB has opened.
  func identity(_ path: String) throws(FeatureCacheError) -> IndexIdentity {
    var file: mdb_filehandle_t = -1
    let code = mdb_env_get_fd(pointer, &file)
    guard code == 0 else { throw IndexTransaction.failure(code, "examine", path) }
    return try IndexIdentity(descriptor: file, path: path)
  }

  deinit { mdb_env_close(pointer) }
}
