import Glibc

/// An open file, closed with its owner. Every read is checked for being complete, so that a file
/// cut short is an error and never a fault.
struct OpenFile: ~Copyable {
  let descriptor: Int32
  let path: String

  /// - Parameter missing: thrown where there is no such file, and only then: one that may not be
  ///   opened is not missing.
  init(
    reading path: String, orElse missing: FeatureCacheError? = nil
  ) throws(FeatureCacheError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    self.path = path
    guard descriptor >= 0 else {
      let number = errno
      guard number == ENOENT else { throw .system(path, "open", number) }
      throw missing
        ?? FeatureCacheError(
          code: .notFound, path: path, message: "there is no such file",
          advice: "Check the path; vitrine cache verify lists what a cache lacks")
    }
  }

  /// Creates the file, or empties it.
  init(creating path: String) throws(FeatureCacheError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    self.path = path
    guard descriptor >= 0 else { throw OpenFile.writeFailure(path, "open", errno, needed: 0) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func length() throws(FeatureCacheError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(path, "fstat", errno) }
    return Int(status.st_size)
  }

  /// Reads until `buffer` is full or the file ends; returns the bytes read.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FeatureCacheError)
    -> Int
  {
    var done = 0
    while done < buffer.count, let base = buffer.baseAddress {
      let count = pread(descriptor, base + done, buffer.count - done, off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(path, "read", errno)
      }
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// The whole file; `damage` makes the error for one that is longer than `limit` bytes.
  func contents(
    limit: Int, else damage: (String) -> FeatureCacheError
  ) throws(FeatureCacheError) -> [UInt8] {
    let size = try length()
    guard size <= limit else {
      throw damage("\(size) bytes where at most \(limit) are possible")
    }
    var bytes = [UInt8](repeating: 0, count: size)
    let count = try unsafeBytes(of: &bytes) { buffer throws(FeatureCacheError) in
      try read(at: 0, into: buffer)
    }
    if count < size { bytes.removeLast(size - count) }
    return bytes
  }

  /// Whether both files hold the same bytes. Reads them in parts.
  func holdsSame(as other: borrowing OpenFile) throws(FeatureCacheError) -> Bool {
    guard try length() == other.length() else { return false }
    var (mine, theirs) = (
      [UInt8](repeating: 0, count: 1 << 16), [UInt8](repeating: 0, count: 1 << 16)
    )
    var offset = 0
    while true {
      let count = try unsafeBytes(of: &mine) { buffer throws(FeatureCacheError) in
        try read(at: offset, into: buffer)
      }
      let otherCount = try unsafeBytes(of: &theirs) { buffer throws(FeatureCacheError) in
        try other.read(at: offset, into: buffer)
      }
      guard count == otherCount, mine.prefix(count) == theirs.prefix(count) else { return false }
      if count < mine.count { return true }
      offset += count
    }
  }

  /// Writes everything at the file's end.
  func write(_ bytes: UnsafeRawBufferPointer) throws(FeatureCacheError) {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = Glibc.write(descriptor, base + done, bytes.count - done)
      if count < 0, errno == EINTR { continue }
      // A write of nothing without an error is what a full disk looks like on some file systems.
      guard count > 0 else {
        let number = count < 0 ? errno : ENOSPC
        throw OpenFile.writeFailure(path, "write", number, needed: bytes.count - done)
      }
      done += count
    }
  }

  func write(_ bytes: [UInt8]) throws(FeatureCacheError) {
    try unsafeBytes(of: bytes) { buffer throws(FeatureCacheError) in try write(buffer) }
  }

  /// Waits until the file's bytes are on the disk.
  func synchronize() throws(FeatureCacheError) {
    guard fsync(descriptor) == 0 else {
      throw OpenFile.writeFailure(path, "fsync", errno, needed: 0)
    }
  }

  /// A failed write as "disk full" where it is one: some file systems say so with EIO.
  static func writeFailure(
    _ path: String, _ call: String, _ number: Int32, needed: Int
  ) -> FeatureCacheError {
    let folder = parentFolder(of: path)
    let free = freeBytes(at: folder)
    let full =
      number == ENOSPC || number == EDQUOT || (number == EIO && free < max(needed, 1 << 16))
    if full { return .diskFull(path, needed: needed, free: free) }
    if number == EROFS || number == EACCES || number == EPERM {
      return FeatureCacheError(
        code: .readOnly, path: path, message: "\(call) failed: \(errorText(number))",
        advice: "Make the folder writable for this user, or open the cache for reading")
    }
    return .system(path, call, number)
  }
}

func parentFolder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// `withUnsafeBytes` that keeps the type of the error thrown.
func unsafeBytes<Result>(
  of bytes: [UInt8],
  _ body: (UnsafeRawBufferPointer) throws(FeatureCacheError) -> Result
) throws(FeatureCacheError) -> Result {
  try bytes.withUnsafeBufferPointer { buffer throws(FeatureCacheError) in
    try body(UnsafeRawBufferPointer(buffer))
  }
}

/// `withUnsafeMutableBytes` that keeps the type of the error thrown.
func unsafeBytes<Result>(
  of bytes: inout [UInt8],
  _ body: (UnsafeMutableRawBufferPointer) throws(FeatureCacheError) -> Result
) throws(FeatureCacheError) -> Result {
  try bytes.withUnsafeMutableBufferPointer { buffer throws(FeatureCacheError) in
    try body(UnsafeMutableRawBufferPointer(buffer))
  }
}
