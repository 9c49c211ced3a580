import CLMDB

/// The three tables of the index, by their LMDB names.
enum IndexTable: String, CaseIterable, Sendable {
  /// Shard number (big-endian) to rows and sidecar checksum. First, as the others refer to it.
  case shards
  /// Feature key to shard, row and row checksum.
  case keys
  /// Item id to feature key.
  case items
}

/// The tables' handles, which live as long as their environment.
struct IndexTables: Sendable {
  private var handles = SIMD4<MDB_dbi>()

  subscript(table: IndexTable) -> MDB_dbi {
    get { handles[slot(table)] }
    set { handles[slot(table)] = newValue }
  }

  private func slot(_ table: IndexTable) -> Int {
    switch table {
    case .shards: 0
    case .keys: 1
    case .items: 2
    }
  }
}
