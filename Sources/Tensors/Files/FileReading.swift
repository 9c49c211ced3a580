#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reading whole files with short reads and interruptions handled.
package enum FileReading {
  /// Everything in the file at `path`, or the reason why not.
  package static func bytes(of path: String) throws(TensorFileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(path, "cannot open") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(path, "cannot inspect") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw TensorFileError(.io, path: path, reason: "is not a regular file")
    }
    let size = Int(status.st_size)
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = 0
      while count < size {
        let part = read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
        if part < 0 && errno == EINTR { continue }
        if part < 0 { failure = errno }
        guard part > 0 else { return }
        count += part
      }
    }
    guard failure == 0 else {
      errno = failure
      throw .system(path, "cannot read")
    }
    guard bytes.count == size else {
      throw TensorFileError(
        .io, path: path, reason: "ended after \(bytes.count) of \(size) bytes while being read")
    }
    return bytes
  }

  /// Little-endian elements, as every supported machine holds them; as many as are whole. One copy.
  static func elements<Element: BitwiseCopyable>(_ data: ArraySlice<UInt8>) -> [Element] {
    let width = MemoryLayout<Element>.stride
    return data.withUnsafeBytes { source in
      [Element](unsafeUninitializedCapacity: source.count / width) { buffer, count in
        count = source.count / width
        UnsafeMutableRawBufferPointer(buffer).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source[..<(count * width)]))
      }
    }
  }
}

extension TensorFileError {
  /// The reason that the operating system gave last.
  static func system(_ path: String, _ action: String) -> TensorFileError {
    TensorFileError(.io, path: path, reason: "\(action): \(String(cString: strerror(errno)))")
  }
}
