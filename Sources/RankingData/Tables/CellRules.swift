/// How the cells of a file are read.
package struct CellRules: Sendable, Hashable, Codable {
  /// Whether spaces and tabs around a cell are no part of it.
  package var trim: Bool
  /// Texts that mean a missing value, beside the empty one.
  package var missing: [String]

  /// Rules.
  package init(trim: Bool = false, missing: [String] = []) {
    self.trim = trim
    self.missing = missing
  }
}

/// The rules in the form in which they are applied.
struct CellReading {
  private let trim: Bool
  private let missing: [[UInt8]]

  init(_ rules: CellRules) {
    trim = rules.trim
    missing = rules.missing.map { Array($0.utf8) }
  }

  /// The bytes of a cell that count; none where its value is missing.
  @inline(__always) func range(
    of cell: RecordBlock.Cell, in bytes: UnsafeRawPointer
  ) -> (start: Int, length: Int) {
    var start = Int(cell.start)
    var end = start + Int(cell.length)
    if trim {
      while start < end, unsafe Self.isSpace(bytes.load(fromByteOffset: start, as: UInt8.self)) {
        start += 1
      }
      while start < end, unsafe Self.isSpace(bytes.load(fromByteOffset: end - 1, as: UInt8.self)) {
        end -= 1
      }
    }
    if !missing.isEmpty {
      let text = unsafe UnsafeRawBufferPointer(start: bytes + start, count: end - start)
      for word in missing where unsafe word.count == text.count && word.elementsEqual(text) {
        return (start, 0)
      }
    }
    return (start, end - start)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
