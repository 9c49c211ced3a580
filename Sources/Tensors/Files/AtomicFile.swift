#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that appears under its name complete and on disk, or not at all.
///
/// Bytes go to a temporary sibling, which `commit` syncs and renames; a value that goes away
/// uncommitted removes it.
package struct AtomicFile: ~Copyable {
  private let path: String
  private let temporary: String
  private let descriptor: Int32
  private var committed = false

  package init(_ path: String) throws(TensorFileError) {
    self.path = path
    temporary = Leftovers.file(path)
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system(path, "cannot create a temporary file beside it") }
  }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(TensorFileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let slice = UnsafeRawBufferPointer(rebasing: rest)
      #if canImport(Glibc)
        let part = Glibc.write(descriptor, slice.baseAddress, slice.count)
      #else
        let part = Darwin.write(descriptor, slice.baseAddress, slice.count)
      #endif
      if part < 0 && errno == EINTR { continue }
      guard part > 0 else { throw .system(path, "cannot write") }
      rest = rest.dropFirst(part)
    }
  }

  package func write(_ bytes: [UInt8]) throws(TensorFileError) {
    var failure: TensorFileError?
    bytes.withUnsafeBytes { buffer in
      do throws(TensorFileError) { try write(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Makes the file appear.
  package consuming func commit() throws(TensorFileError) {
    guard fsync(descriptor) == 0 else { throw .system(path, "cannot sync") }
    guard rename(temporary, path) == 0 else { throw .system(path, "cannot rename into place") }
    committed = true
    Self.syncFolder(of: path)
  }

  /// Makes a rename survive a loss of power, where the file system knows how.
  package static func syncFolder(of path: String) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  deinit {
    close(descriptor)
    if !committed { unlink(temporary) }
  }
}
