import Foundation

/// How a file looked when it was read: enough to see that it has changed, without reading it all.
package struct SourceStamp: Sendable, Hashable, Codable {
  /// Absolute path.
  package let path: String
  /// Bytes.
  package let size: Int
  /// Last change, in nanoseconds since 1970.
  let modified: Int
  /// XXH64 of the first and the last 64 KiB, in hexadecimal.
  let hash: String

  /// Looks at a file.
  /// - Throws: `RankingDataError` where it cannot be read.
  package init(path: String) throws(RankingDataError) {
    let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
    self.path = absolute
    let descriptor = unsafe open(absolute, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(path, "cannot be opened") }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .system(path, "cannot be read") }
    size = Int(status.st_size)
    modified = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
    var hash = ContentHash()
    let width = 1 << 16
    for offset in [0, max(0, size - width)] {
      var bytes = [UInt8](repeating: 0, count: width)
      let found = unsafe pread(descriptor, &bytes, width, off_t(offset))
      guard found >= 0 else { throw .system(path, "cannot be read") }
      unsafe bytes[..<found].withUnsafeBytes { unsafe hash.update($0) }
    }
    self.hash = hash.text
  }
}
