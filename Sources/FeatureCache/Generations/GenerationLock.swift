import Glibc

/// Held while a generation is made or removed, for a moment only, across processes. It locks the
/// cache's folder itself, so that no file is left behind, in a stranger's folder least of all.
final class GenerationLock: Sendable {
  private let descriptor: Int32

  init(_ root: Folder) throws(FeatureCacheError) {
    descriptor = open(root.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(root.path, "open", errno) }
    while flock(descriptor, LOCK_EX) != 0 {
      let number = errno
      guard number == EINTR else { throw .system(root.path, "flock", number) }
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    // A process that is just being started has a copy of the descriptor until it runs its program.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
