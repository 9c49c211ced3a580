import Glibc

/// Reads the bytes of image files.
public enum ImageFile {
  /// Reads a whole file, after checking that it is a regular file within the limits.
  /// - Throws: `ImageError` with the path; `unreadable`, `empty` or `tooLarge`.
  public static func read(
    _ path: String, limits: ImageLimits = ImageLimits()
  ) throws(ImageError) -> [UInt8] {
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

    var problem: ImageError?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = Glibc.read(file, buffer.baseAddress.map { $0 + count }, size - count)
        if got > 0 {
          count += got
        } else if got == 0 {
          break
        } else if errno != EINTR {
          problem = failure("read", path)
          break
        }
      }
    }
    if let problem { throw problem }
    guard !bytes.isEmpty else { throw ImageError(.empty, "there are no bytes", path: path) }
    return bytes
  }

  private static func failure(_ action: String, _ path: String) -> ImageError {
    let cause = String(cString: strerror(errno))
    return ImageError(.unreadable, "cannot \(action) the file: \(cause)", path: path)
  }
}
