/// What a compaction does, or would do.
package struct CompactionReport: Sendable, Equatable {
  /// Shards that are rewritten.
  package internal(set) var shards = 0
  /// Shards that take their place.
  package internal(set) var newShards = 0
  /// Shards that are good as they are.
  package internal(set) var keptShards = 0
  /// Vectors copied.
  package internal(set) var rows = 0
  /// Rows left behind: replaced by later ones, or without an item where those are unwanted.
  package internal(set) var droppedRows = 0
  /// Size of the files rewritten, and of the ones that take their place.
  package internal(set) var bytes = 0
  package internal(set) var newBytes = 0
}

/// How far a compaction is. The cache is complete after each step, and a process that ends there
/// loses nothing.
package enum CompactionStep: Sendable, Equatable {
  /// A new shard lies in its place; the index does not know it yet.
  case published(UInt32)
  /// The index leads to the new shard.
  case entered(UInt32)
  /// The index knows that the old shards are to be removed.
  case retired
  /// The files of the old shards are gone.
  case removed
}
