/// Gathers rows in the form of an export, a megabyte at a time.
struct ExportWriter {
  private let format: ExportFormat
  private let width: Int
  private var numbers: [Float]
  private var count = 0
  private var text: [UInt8] = []
  private static let limit = 1 << 20

  init(_ format: ExportFormat, width: Int) {
    self.format = format
    self.width = width
    let rows = format == .jsonl ? 1 : max(1, ExportWriter.limit / (4 * width))
    numbers = [Float](repeating: 0, count: rows * width)
  }

  /// Adds an item, whose numbers `read` puts where it is told.
  mutating func add(
    _ item: ItemID, to file: borrowing OpenFile,
    _ read: (UnsafeMutablePointer<Float>) throws(FeatureCacheError) -> Void
  ) throws(FeatureCacheError) {
    let start = count * width
    try numbers.withUnsafeMutableBufferPointer { numbers throws(FeatureCacheError) in
      guard let base = numbers.baseAddress else { return }
      try read(base + start)
    }
    if format == .jsonl {
      addLine(item)
      if text.count >= ExportWriter.limit { try flush(to: file) }
    } else {
      count += 1
      if (count + 1) * width > numbers.count { try flush(to: file) }
    }
  }

  private mutating func addLine(_ item: ItemID) {
    text += "{\"id\":".utf8
    text.append(quoting: item.bytes)
    text += ",\"vector\":[".utf8
    for (index, number) in numbers.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      // The shortest digits that give the same number back.
      text += number.description.utf8
    }
    text += "]}\n".utf8
  }

  mutating func flush(to file: borrowing OpenFile) throws(FeatureCacheError) {
    if format == .jsonl {
      try file.write(text)
      text.removeAll(keepingCapacity: true)
    } else {
      let byteCount = 4 * count * width
      try numbers.withUnsafeBufferPointer { numbers throws(FeatureCacheError) in
        try file.write(UnsafeRawBufferPointer(start: numbers.baseAddress, count: byteCount))
      }
      count = 0
    }
  }
}
