import Glibc
import Synchronization

/// Keeps one environment per index in this process. A second one would, when closed, drop the
/// first one's file locks.
enum IndexRegistry {
  /// The index folder itself, whatever path leads to it.
  struct Identity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64

    init(_ folder: Folder) throws(FeatureCacheError) {
      var status = stat()
      guard stat(folder.path, &status) == 0 else {
        throw FeatureCacheError(
          code: .indexMissing, path: folder.path, message: "the index is missing",
          advice: "Rebuild it from the shards: vitrine cache repair")
      }
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
    }
  }

  private struct Entry: Sendable {
    weak let environment: IndexEnvironment?
  }

  private static let entries = Mutex<[Identity: Entry]>([:])

  /// The environment of this index, opened if it is not open yet.
  static func environment(_ folder: Folder, initialMapBytes: Int) throws(FeatureCacheError)
    -> IndexEnvironment
  {
    let identity = try Identity(folder)
    while true {
      let found = try entries.withLock { entries throws(FeatureCacheError) -> IndexEnvironment? in
        // An entry without an environment is one that is closing in another thread.
        if let entry = entries[identity] { return entry.environment }
        let environment = try IndexEnvironment(
          opening: folder, identity: identity, initialMapBytes: initialMapBytes)
        entries[identity] = Entry(environment: environment)
        return environment
      }
      if let found { return found }
      sched_yield()
    }
  }

  static func closed(_ identity: Identity) {
    entries.withLock { _ = $0.removeValue(forKey: identity) }
  }
}
