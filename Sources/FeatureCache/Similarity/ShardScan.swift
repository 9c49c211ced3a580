import Synchronization

/// One shard in a scan, whose parts several threads read. The sidecar is in memory from the first
/// part to the last.
final class ShardScan: Sendable {
  let entry: ShardEntry

  private struct State {
    var table: SidecarTable?
    var partsLeft: Int
  }

  private let state: Mutex<State>

  init(_ entry: ShardEntry, parts: Int) {
    self.entry = entry
    state = Mutex(State(partsLeft: parts))
  }

  func table(_ cache: FeatureCache) throws(FeatureCacheError) -> SidecarTable {
    try state.withLock { state throws(FeatureCacheError) -> SidecarTable in
      if let table = state.table { return table }
      let table = try SidecarTable(entry, of: cache)
      state.table = table
      return table
    }
  }

  func finishPart() {
    state.withLock { state in
      state.partsLeft -= 1
      if state.partsLeft == 0 { state.table = nil }
    }
  }

  /// Some rows of one shard: what a thread takes at a time.
  struct Part: Sendable {
    let shard: ShardScan
    let rows: Range<Int>
  }

  /// All shards in parts of about a megabyte, which stay in a core's cache between reading, checking
  /// and comparing.
  static func parts(of entries: some Sequence<ShardEntry>, rowBytes: Int) -> [Part] {
    let most = max(1, (1 << 20) / rowBytes)
    return entries.flatMap { entry -> [Part] in
      let rows = Int(entry.rows)
      let starts = stride(from: 0, to: rows, by: most)
      let shard = ShardScan(entry, parts: (rows + most - 1) / most)
      return starts.map { Part(shard: shard, rows: $0..<min($0 + most, rows)) }
    }
  }
}
