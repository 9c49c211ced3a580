import CLMDB

/// The open index of a cache, shared by all its handles in this process: LMDB must not open one
/// file twice. Closed with the last handle.
final class IndexEnvironment: @unchecked Sendable {
  let folder: Folder
  let isReadOnly: Bool
  private let identity: IndexIdentity
  private let gate = Gate()
  private let tables: IndexTables
  /// Nil only inside `deinit`, where the registry must hear of the closing afterwards.
  private var handle: EnvironmentHandle?
  private let pointer: OpaquePointer

  private static let smallestMap = 1 << 20

  private var path: String { folder.file(IndexHeader.dataFile) }

  /// Opens an existing index after checking every page of it.
  ///
  /// - Throws: `indexReplaced` where the file is no longer the one of `identity`.
  init(opening folder: Folder, identity: IndexIdentity, initialMapBytes: Int)
    throws(FeatureCacheError)
  {
    let path = folder.file(IndexHeader.dataFile)
    // LMDB must not see a file whose header is damaged.
    _ = try IndexHeader.read(IndexHeader.open(folder, identity))
    let isReadOnly = !folder.isWritable
    let length = fileLength(path) ?? 0
    let handle = try EnvironmentHandle.open(
      folder, mapBytes: max(initialMapBytes, IndexEnvironment.smallestMap, 2 * length),
      readOnly: isReadOnly)
    guard try handle.identity(path) == identity else { throw .replacedIndex(path) }
    var tables = IndexTables()
    try IndexEnvironment.untilChecked(path) { () throws(FeatureCacheError) in
      var transaction = try IndexTransaction(
        handle.pointer, writing: false, tables: tables, path: path)
      guard try IndexStructure.check(folder, identity, transaction: transaction.snapshot) else {
        return false
      }
      for table in IndexTable.allCases {
        tables[table] = try transaction.open(table, creating: false)
      }
      try transaction.commit()
      return true
    }
    self.folder = folder
    self.isReadOnly = isReadOnly
    self.identity = identity
    self.tables = tables
    pointer = handle.pointer
    self.handle = consume handle
  }

  /// Creates an empty index in an existing, empty folder.
  static func create(_ folder: Folder, mapBytes: Int) throws(FeatureCacheError) {
    let handle = try EnvironmentHandle.open(
      folder, mapBytes: max(mapBytes, smallestMap), readOnly: false)
    let tables = IndexTables()
    var transaction = try IndexTransaction(
      handle.pointer, writing: true, tables: tables,
      path: folder.file(IndexHeader.dataFile))
    for table in IndexTable.allCases { _ = try transaction.open(table, creating: true) }
    try transaction.commit()
    try folder.synchronize()
  }

  deinit {
    handle = nil
    IndexRegistry.closed(identity)
  }

  /// Runs `body` on the newest commit. Cheap enough for one look-up.
  func read<Result>(
    _ body: (borrowing IndexTransaction) throws(FeatureCacheError) -> Result
  ) throws(FeatureCacheError) -> Result {
    for _ in 0..<8 {
      let result = try gate.shared { () throws(FeatureCacheError) -> Result? in
        let transaction: IndexTransaction
        do throws(FeatureCacheError) {
          transaction = try IndexTransaction(pointer, writing: false, tables: tables, path: path)
        } catch {
          guard error.code == .indexResized else { throw error }
          return nil
        }
        return try body(transaction)
      }
      if let result { return result }
      // Another process has grown the map: take its size over.
      try resize(to: 0)
    }
    throw IndexTransaction.failure(MDB_MAP_RESIZED, "begin", path)
  }

  /// Runs `body` in one transaction and commits it; all of it happens or nothing. Where the map is
  /// too small it grows and `body` runs again.
  func write(
    _ body: (borrowing IndexTransaction) throws(FeatureCacheError) -> Void
  ) throws(FeatureCacheError) {
    while true {
      do throws(FeatureCacheError) {
        try gate.shared { () throws(FeatureCacheError) in
          var transaction = try IndexTransaction(
            pointer, writing: true, tables: tables, path: path)
          try body(transaction)
          try transaction.commit()
        }
        return
      } catch {
        switch error.code {
        case .indexFull: try resize(to: 2 * mapBytes)
        case .indexResized: try resize(to: 0)
        default: throw error
        }
      }
    }
  }

  /// Checks every page and record of the newest commit again.
  ///
  /// - Throws: `damagedIndex`; `indexReplaced` where another process has repaired the cache.
  func checkStructure() throws(FeatureCacheError) {
    try IndexEnvironment.untilChecked(path) { () throws(FeatureCacheError) in
      try read { transaction throws(FeatureCacheError) in
        try IndexStructure.check(folder, identity, transaction: transaction.snapshot)
      }
    }
  }

  /// Calls `check` again where it returns false, as two commits came while it began.
  private static func untilChecked(
    _ path: String, _ check: () throws(FeatureCacheError) -> Bool
  ) throws(FeatureCacheError) {
    for _ in 0..<64 where try check() { return }
    throw FeatureCacheError(
      code: .indexFailure, path: path,
      message: "commits follow each other too fast for the index to be checked",
      advice: "Try again while its writer has less to do")
  }

  /// Whether a repair has put another index in this one's place, or its generation was dropped.
  var isReplaced: Bool { (try? IndexIdentity(folder)) != identity }

  /// The number of the newest commit, of whatever process. Cheaper than a transaction.
  func lastCommit() throws(FeatureCacheError) -> Int {
    try gate.shared {
      var information = MDB_envinfo()
      mdb_env_info(pointer, &information)
      return information.me_last_txnid
    }
  }

  private var mapBytes: Int {
    var information = MDB_envinfo()
    mdb_env_info(pointer, &information)
    return information.me_mapsize
  }

  private func resize(to bytes: Int) throws(FeatureCacheError) {
    try gate.exclusive { () throws(FeatureCacheError) in
      let code = mdb_env_set_mapsize(pointer, bytes)
      guard code == 0 else { throw IndexTransaction.failure(code, "resize", path) }
    }
  }
}
