/// Lines of a byte source, as ranges of a buffer that is refilled in place.
struct LineReader {
  /// Longest line that is read: a line is held in memory whole.
  static let maximumLine = 256 << 20

  private var source: ByteSource
  private(set) var buffer: [UInt8] = []
  private var position = 0
  private var atEnd = false
  /// Number of the last line, from 1.
  private(set) var line = 0

  init(_ source: ByteSource) { self.source = source }

  var name: String? { source.name }
  var consumed: Int { source.consumed }
  var size: Int { source.size }

  /// Whether the next line is in the buffer already.
  var hasLine: Bool { buffer[position...].contains(0x0A) }

  /// The range in `buffer` of the next line, without its newline.
  mutating func next() throws(RankingDataError) -> Range<Int>? {
    var searched = position
    while true {
      if let newline = buffer[searched...].firstIndex(of: 0x0A) {
        let range = position..<newline
        position = newline + 1
        line += 1
        return range
      }
      if atEnd {
        guard position < buffer.count else { return nil }
        let range = position..<buffer.count
        position = buffer.count
        line += 1
        return range
      }
      buffer.removeSubrange(..<position)
      position = 0
      searched = buffer.count
      guard searched <= Self.maximumLine else {
        throw RankingDataError(
          .tooLarge, file: name, line: line + 1,
          problem: "The line is longer than \(Self.maximumLine >> 20) MiB.",
          remedy: "Split the record, or check that the file is JSON Lines.")
      }
      if let chunk = try source.next() {
        // The byte order mark that some editors write is no part of the first line.
        let mark = line == 0 && buffer.isEmpty && chunk.starts(with: [0xEF, 0xBB, 0xBF])
        buffer.append(contentsOf: mark ? chunk[3...] : chunk[...])
      } else {
        atEnd = true
      }
    }
  }
}
