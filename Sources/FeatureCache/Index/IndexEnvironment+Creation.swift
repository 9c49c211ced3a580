extension IndexEnvironment {
  /// Whether a folder holds what an interrupted creation leaves, and nothing that could be missed:
  /// an index without records, or the beginnings of one.
  static func isUnused(_ folder: Folder) -> Bool {
    let own = [IndexHeader.dataFile, EnvironmentHandle.lockFile]
    guard let names = try? folder.names(), names.allSatisfy(own.contains) else { return false }
    guard fileLength(folder.file(IndexHeader.dataFile)) ?? 0 > 0 else { return true }
    guard let file = try? IndexHeader.open(folder), let header = try? IndexHeader.read(file) else {
      return false
    }
    if header.meta.transaction == 0 { return true }
    // Tables of other names are somebody else's.
    let index = try? IndexRegistry.environment(folder, initialMapBytes: 1)
    guard let shards = try? index?.shards() else { return false }
    return shards.isEmpty
  }
}
