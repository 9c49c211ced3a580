import Glibc

/// Reads the bytes of image files.
public enum ImageFile {
  /// Reads a whole file, after checking that it is a regular file within the limits.
  /// - Throws: `ImageError` with the path; `unreadable`, `empty` or `tooLarge`.
  public static func read(
    _ path: String, limits: ImageLimits = ImageLimits()
  ) throws(ImageError) -> [UInt8] {
    try withFile(path, limits) { file, size throws(ImageError) in
      var problem: ImageError?
      let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        do throws(ImageError) {
          count = try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<size]), file, path)
        } catch { problem = error }
      }
      if let problem { throw problem }
      return bytes
    }
  }

  /// The same into memory that is used again for the next file.
  /// - Returns: The bytes, which live until `scratch` is filled again.
  package static func read(
    _ path: String, limits: ImageLimits, into scratch: ScratchBuffer<UInt8>
  ) throws(ImageError) -> UnsafeBufferPointer<UInt8> {
    try withFile(path, limits) { file, size throws(ImageError) in
      let buffer = scratch.reserve(size)
      let count = try fill(buffer, file, path)
      return UnsafeBufferPointer(rebasing: buffer[..<count])
    }
  }

  private static func withFile<Bytes>(
    _ path: String, _ limits: ImageLimits,
    _ body: (_ file: Int32, _ size: Int) throws(ImageError) -> Bytes
  ) throws(ImageError) -> Bytes {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw failure("open", path) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure("examine", path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ImageError(.unreadable, "not a regular file", path: path)
    }
    let size = Int(status.st_size)
    do throws(ImageError) { try limits.check(byteCount: size) } catch { throw error.at(path) }
    return try body(file, size)
  }

  /// Reads until the buffer is full or the file ends.
  private static func fill(
    _ buffer: UnsafeMutableBufferPointer<UInt8>, _ file: Int32, _ path: String
  ) throws(ImageError) -> Int {
    var count = 0
    while count < buffer.count {
      let got = Glibc.read(file, buffer.baseAddress.map { $0 + count }, buffer.count - count)
      if got > 0 {
        count += got
      } else if got == 0 {
        break
      } else if errno != EINTR {
        throw failure("read", path)
      }
    }
    guard count > 0 else { throw ImageError(.empty, "there are no bytes", path: path) }
    return count
  }

  private static func failure(_ action: String, _ path: String) -> ImageError {
    let cause = String(cString: strerror(errno))
    return ImageError(.unreadable, "cannot \(action) the file: \(cause)", path: path)
  }
}
