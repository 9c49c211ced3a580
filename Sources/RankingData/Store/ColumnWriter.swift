import Foundation

/// Collects the values of a column, in memory or in a file that is written as they come.
final class ColumnWriter<Element: BitwiseCopyable & Sendable> {
  private var buffer: [Element] = []
  private let limit: Int
  private let path: String?
  private var hash = ContentHash()
  private(set) var count = 0

  /// - Parameters:
  ///   - path: the file, or `nil` to keep the values in memory.
  ///   - limit: values held before they are written.
  init(path: String?, limit: Int = 1 << 15) {
    self.path = path
    self.limit = limit
  }

  /// Lets `body` append values; `flush` writes them. Inside, the buffer is a plain array, which costs
  /// nothing that a class would.
  func append(_ body: (inout [Element]) -> Void) {
    var values: [Element] = []
    swap(&values, &buffer)
    let before = values.count
    body(&values)
    count += values.count - before
    swap(&values, &buffer)
  }

  /// Appends a value many times.
  func append(repeating value: Element, count: Int) throws(RankingDataError) {
    var left = count
    while left > 0 {
      let step = min(left, limit)
      buffer.append(contentsOf: repeatElement(value, count: step))
      self.count += step
      left -= step
      try flush()
    }
  }

  /// Writes what has gathered, if it is enough. A file is open only while it is written to: a wide
  /// data set has more columns than a process may have open files.
  func flush(isLast: Bool = false) throws(RankingDataError) {
    guard let path, buffer.count >= limit || isLast else { return }
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system(path, "cannot be written", .unwritable) }
    defer { close(descriptor) }
    let isWritten = unsafe buffer.withUnsafeBytes { bytes in
      unsafe hash.update(bytes)
      var offset = 0
      while offset < bytes.count {
        let step = unsafe write(
          descriptor, bytes.baseAddress.map { unsafe $0 + offset }, bytes.count - offset)
        if step < 0, errno == EINTR { continue }
        guard step > 0 else { return false }
        offset += step
      }
      return !isLast || fsync(descriptor) == 0
    }
    guard isWritten else { throw .system(path, "cannot be written", .unwritable) }
    buffer.removeAll(keepingCapacity: true)
  }

  /// The finished column and the hash of its file.
  func finish() throws(RankingDataError) -> (column: Column<Element>, hash: UInt64) {
    guard let path else {
      defer { buffer = [] }
      return (Column(buffer), 0)
    }
    try flush(isLast: true)
    return (Column(try MappedFile(path), count: count), hash.value)
  }
}
