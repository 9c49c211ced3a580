import Glibc

/// Held by the one writer of a cache, across processes. The operating system releases it when the
/// process ends, however it ends, so a crash never leaves a cache locked.
final class WriterLock: Sendable {
  static let name = "writer.lock"
  private let descriptor: Int32

  init(_ folder: Folder) throws(FeatureCacheError) {
    let path = folder.file(WriterLock.name)
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw OpenFile.writeFailure(path, "open", errno, needed: 0) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      guard number == EWOULDBLOCK else { throw .system(path, "flock", number) }
      throw FeatureCacheError(
        code: .writerBusy, path: folder.path,
        message: "another writer holds this cache: \(WriterLock.holder(descriptor))",
        advice: "Wait until it ends, or stop it; readers may stay")
    }
    let text = Array("\(getpid())\n".utf8)
    // The number only helps a person; the lock holds without it.
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    // A process that is just being started has a copy of the descriptor until it runs its program.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private static func holder(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    guard let process = Int32(text.prefix { $0.isNumber }) else { return "an unknown process" }
    return process == getpid() ? "process \(process), this one" : "process \(process)"
  }
}
