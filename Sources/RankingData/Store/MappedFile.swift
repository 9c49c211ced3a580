import Foundation

/// A file mapped into memory, read only.
@safe final class MappedFile: @unchecked Sendable {
  /// Shown in errors.
  let path: String
  /// All bytes of the file. Nobody writes to them, so threads may share them.
  let bytes: UnsafeRawBufferPointer

  /// Maps a file.
  /// - Throws: `RankingDataError` where it cannot be read.
  init(_ path: String) throws(RankingDataError) {
    self.path = path
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(path, "cannot be opened") }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .system(path, "cannot be read") }
    let count = Int(status.st_size)
    guard count > 0 else {
      unsafe bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let base = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      unsafe base != MAP_FAILED
    else { throw .system(path, "cannot be mapped into memory") }
    // The whole file is hashed first, front to back.
    unsafe madvise(base, count, Int32(MADV_WILLNEED))
    unsafe bytes = UnsafeRawBufferPointer(start: base, count: count)
  }

  deinit {
    if let base = unsafe bytes.baseAddress {
      unsafe munmap(UnsafeMutableRawPointer(mutating: base), bytes.count)
    }
  }
}

extension Column {
  /// The values of a whole file; `count` is checked by the caller against the file's size.
  init(_ file: MappedFile, count: Int) {
    unsafe precondition(file.bytes.count == count * MemoryLayout<Element>.stride)
    guard count > 0, let base = unsafe file.bytes.baseAddress else {
      self.init([])
      return
    }
    unsafe self.init(
      unsafe: base.assumingMemoryBound(to: Element.self), count: count, owner: file)
  }
}

extension RankingDataError {
  /// What the operating system says about a file.
  static func system(
    _ path: String, _ what: String, _ code: Code = .unreadable
  ) -> RankingDataError {
    let reason = unsafe String(cString: strerror(errno))
    return RankingDataError(
      code, file: path, problem: "The file \(what): \(reason).",
      remedy: "Check the path, the permissions and the space on the disk.")
  }
}
