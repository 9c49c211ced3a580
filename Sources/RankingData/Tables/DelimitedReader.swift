/// Reads comma- or tab-separated records as RFC 4180 describes them, in memory that does not grow
/// with the file: quoted fields, doubled quotes, newlines inside quotes, CRLF or LF, a byte order
/// mark. Blank lines are skipped. Text must be UTF-8.
package struct DelimitedReader {
  /// Longest record that is read: a record is held in memory whole.
  package static let maximumRecord = 64 << 20

  private var source: ByteSource
  private let delimiter: UInt8
  private(set) var buffer: [UInt8] = []
  private var position = 0
  private var atEnd = false
  private var started = false
  private var nextLine = 1
  private var quoted: [Bool] = []
  private var recordStart = 0

  /// Line on which the current record starts, from 1.
  package private(set) var line = 0
  /// Fields of the current record as ranges of `buffer`.
  private(set) var fields: [Range<Int>] = []

  /// Opens a file. The delimiter is a tab when the name ends in `.tsv` or `.tab`, else a comma.
  /// - Parameter chunk: bytes read at a time.
  package init(path: String, delimiter: Character? = nil, chunk: Int = 1 << 20)
    throws(RankingDataError)
  {
    let tabs = path.hasSuffix(".tsv") || path.hasSuffix(".tab")
    self.init(try ByteSource(path: path, chunk: chunk), delimiter ?? (tabs ? "\t" : ","))
  }

  /// Reads from memory; `name` stands for the file in errors.
  package init(bytes: [UInt8], name: String? = nil, delimiter: Character = ",") {
    self.init(ByteSource(bytes: bytes, name: name), delimiter)
  }

  private init(_ source: ByteSource, _ delimiter: Character) {
    self.source = source
    self.delimiter = delimiter.asciiValue ?? UInt8(ascii: ",")
  }

  /// Shown in errors.
  package var name: String? { source.name }

  /// Number of fields of the current record.
  package var count: Int { fields.count }

  /// Field `index` of the current record.
  package func text(_ index: Int) -> String {
    String(decoding: buffer[fields[index]], as: UTF8.self)
  }

  /// Moves to the next record; `false` at the end of the file.
  package mutating func next() throws(RankingDataError) -> Bool {
    while true {
      switch try scan() {
      case .record:
        if fields.count == 1, fields[0].isEmpty, !quoted[0] { continue }
        return true
      case .end: return false
      case .incomplete: try refill()
      }
    }
  }

  private mutating func refill() throws(RankingDataError) {
    buffer.removeSubrange(..<position)
    position = 0
    guard buffer.count <= Self.maximumRecord else {
      throw RankingDataError(
        .tooLarge, file: name, line: nextLine,
        problem: "The record is longer than \(Self.maximumRecord >> 20) MiB.",
        remedy: "Look for a quote that is never closed.")
    }
    guard let chunk = try source.next() else {
      atEnd = true
      return
    }
    if !started {
      started = true
      if chunk.starts(with: [0xFF, 0xFE]) || chunk.starts(with: [0xFE, 0xFF]) {
        throw RankingDataError(
          .encoding, file: name, line: 1, problem: "The file is UTF-16.",
          remedy: "Convert it: iconv -f UTF-16 -t UTF-8.")
      }
      if chunk.starts(with: [0xEF, 0xBB, 0xBF]) {
        buffer.append(contentsOf: chunk[3...])
        return
      }
    }
    buffer.append(contentsOf: chunk)
  }
}

extension DelimitedReader {
  private enum Scan { case record, end, incomplete }

  /// Finds the next record in the buffer. Nothing moves until the record is complete.
  private mutating func scan() throws(RankingDataError) -> Scan {
    let end = buffer.count
    if position == end { return atEnd ? .end : .incomplete }
    fields.removeAll(keepingCapacity: true)
    quoted.removeAll(keepingCapacity: true)
    var at = position
    var newlines = 0
    var high: UInt8 = 0
    var escaped = false
    while true {
      // One field starts at `at`.
      var range = at..<at
      let isQuoted = at < end && buffer[at] == UInt8(ascii: "\"")
      if isQuoted {
        var probe = at + 1
        while true {
          guard probe < end else {
            if !atEnd { return .incomplete }
            throw failure(
              .syntax, at, "The quoted field does not end.", "Close it with a quote.")
          }
          let byte = buffer[probe]
          high |= byte
          if byte == UInt8(ascii: "\"") {
            guard probe + 1 < end || atEnd else { return .incomplete }
            guard probe + 1 < end, buffer[probe + 1] == byte else { break }
            escaped = true
            probe += 1
          } else if byte == 0x0A {
            newlines += 1
          }
          probe += 1
        }
        range = at + 1..<probe
        at = probe + 1
      } else {
        var probe = at
        while probe < end {
          let byte = buffer[probe]
          if byte == delimiter || byte == 0x0A { break }
          high |= byte
          probe += 1
        }
        range = at..<probe
        at = probe
      }
      // What follows the field decides between the next field and the next record.
      guard at < end || atEnd else { return .incomplete }
      let last = at == end
      if !last, buffer[at] == delimiter {
        fields.append(range)
        quoted.append(isQuoted)
        at += 1
        continue
      }
      if isQuoted, !last, buffer[at] == 0x0D {
        guard at + 1 < end || atEnd else { return .incomplete }
        at += 1
      } else if !isQuoted, !range.isEmpty, buffer[range.upperBound - 1] == 0x0D {
        range = range.lowerBound..<range.upperBound - 1
      }
      guard at == end || buffer[at] == 0x0A else {
        throw failure(
          .syntax, at, "Something follows the closing quote of a field.",
          "Double the quotes inside a quoted field.")
      }
      fields.append(range)
      quoted.append(isQuoted)
      break
    }
    recordStart = position
    line = nextLine
    if high >= 0x80 { try validate() }
    if escaped { unescape() }
    nextLine += newlines + (at < end ? 1 : 0)
    position = min(at + 1, end)
    return .record
  }

  private func validate() throws(RankingDataError) {
    for field in fields where String(validating: buffer[field], as: UTF8.self) == nil {
      throw failure(
        .encoding, field.lowerBound, "The field is not UTF-8.",
        "Convert the file, for instance: iconv -f WINDOWS-1252 -t UTF-8.")
    }
  }

  /// Closes up doubled quotes in place; a field only ever shrinks.
  private mutating func unescape() {
    for index in fields.indices where quoted[index] {
      var write = fields[index].lowerBound
      var read = write
      while read < fields[index].upperBound {
        buffer[write] = buffer[read]
        if buffer[read] == UInt8(ascii: "\"") { read += 1 }
        read += 1
        write += 1
      }
      fields[index] = fields[index].lowerBound..<write
    }
  }

  /// An error at a byte of the buffer, which belongs to the record at `position`.
  private func failure(
    _ code: RankingDataError.Code, _ place: Int, _ problem: String, _ remedy: String,
    start: Int? = nil, line: Int? = nil
  ) -> RankingDataError {
    let prefix = buffer[(start ?? position)..<place]
    let lineStart = prefix.lastIndex(of: 0x0A).map { $0 + 1 } ?? prefix.startIndex
    return RankingDataError(
      code, file: name, line: (line ?? nextLine) + prefix.count { $0 == 0x0A },
      column: String(decoding: buffer[lineStart..<place], as: UTF8.self).count + 1,
      problem: problem, remedy: remedy)
  }

  /// An error about field `index` of the current record.
  package func failure(
    _ code: RankingDataError.Code, field index: Int, _ problem: String, _ remedy: String
  ) -> RankingDataError {
    let place = index < fields.count ? fields[index].lowerBound : fields.last?.upperBound ?? 0
    return failure(code, place, problem, remedy, start: recordStart, line: line)
  }
}
