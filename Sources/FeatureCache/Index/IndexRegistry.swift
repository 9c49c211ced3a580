import Glibc
import Synchronization

/// Keeps one environment per index in this process. A second one would, when closed, drop the
/// first one's file locks.
enum IndexRegistry {
  private struct Entry: Sendable {
    weak let environment: IndexEnvironment?
  }

  private static let entries = Mutex<[IndexIdentity: Entry]>([:])

  /// The environment of this index, opened if it is not open yet.
  static func environment(_ folder: Folder, initialMapBytes: Int) throws(FeatureCacheError)
    -> IndexEnvironment
  {
    var replacements = 0
    while true {
      do throws(FeatureCacheError) {
        let identity = try IndexIdentity(folder)
        if let found = try entry(identity, folder, initialMapBytes) { return found }
        // One that is closing in another thread.
        sched_yield()
      } catch {
        // A repair may come between a look at the file and its opening, but not time and again.
        replacements += 1
        guard error.code == .indexReplaced, replacements < 8 else { throw error }
      }
    }
  }

  /// Nil where the environment is being closed.
  private static func entry(
    _ identity: IndexIdentity, _ folder: Folder, _ initialMapBytes: Int
  ) throws(FeatureCacheError) -> IndexEnvironment? {
    try entries.withLock { entries throws(FeatureCacheError) -> IndexEnvironment? in
      if let entry = entries[identity] { return entry.environment }
      let environment = try IndexEnvironment(
        opening: folder, identity: identity, initialMapBytes: initialMapBytes)
      entries[identity] = Entry(environment: environment)
      return environment
    }
  }

  static func closed(_ identity: IndexIdentity) {
    entries.withLock { _ = $0.removeValue(forKey: identity) }
  }
}
