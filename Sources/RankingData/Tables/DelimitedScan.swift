/// Takes apart the records of a block of bytes.
struct DelimitedScan {
  let delimiter: UInt8
  /// Shown in errors.
  let file: String?
  /// Line of the next record, from 1.
  private(set) var line = 1

  init(delimiter: UInt8, file: String?) {
    self.delimiter = delimiter
    self.file = file
  }

  /// What is wrong at a byte of the block.
  private struct Fault {
    var code: RankingDataError.Code
    var record: Int
    var place: Int
    var problem: String
    var remedy: String
  }

  /// Fills cells and lines from the block's bytes, which end with padding.
  /// - Parameters:
  ///   - width: fields of a record; that of the first record when `nil`.
  ///   - isLast: whether the file ends with these bytes.
  ///   - rows: most records to take.
  /// - Returns: where the records end; the bytes from there on are the start of another one.
  mutating func run(
    over block: inout RecordBlock, width: Int?, isLast: Bool, rows: Int
  ) throws(RankingDataError) -> Int {
    var output = Output(cells: [], lines: [], width: width)
    swap(&output.cells, &block.cells)
    swap(&output.lines, &block.lines)
    let first = line
    var fault: Fault?
    let count = block.bytes.count - RecordBlock.padding
    let end = unsafe block.bytes.withUnsafeBytes { raw in
      guard let base = raw.baseAddress else { return 0 }
      return unsafe scan(base, count, isLast, rows, &output, &fault)
    }
    block.cells = output.cells
    block.lines = output.lines
    block.width = output.width ?? 0
    // What comes first in the file is told first.
    if !output.isASCII { try validate(block, upTo: fault?.place ?? end, first: first) }
    if let fault {
      throw failure(
        fault.code, block.bytes, record: fault.record, line: line, place: fault.place,
        fault.problem, fault.remedy)
    }
    for cell in output.escaped { unescape(&block, cell) }
    return end
  }

  private struct Output {
    var cells: [RecordBlock.Cell]
    var lines: [Int32]
    var width: Int?
    /// Cells with doubled quotes.
    var escaped: [Int] = []
    var isASCII = true
  }

  private mutating func scan(
    _ bytes: UnsafeRawPointer, _ count: Int, _ isLast: Bool, _ rows: Int, _ output: inout Output,
    _ fault: inout Fault?
  ) -> Int {
    let quote = UInt8(ascii: "\"")
    var marks = unsafe StructuralBytes(bytes, count: count, delimiter: delimiter)
    defer { output.isASCII = marks.isASCII }
    func byte(_ position: Int) -> UInt8 {
      unsafe bytes.load(fromByteOffset: position, as: UInt8.self)
    }
    var record = 0
    while record < count, output.lines.count < rows {
      let firstCell = output.cells.count
      var start = record
      var newlines = 0
      var isQuoted = false
      var isComplete = false
      field: while true {
        isQuoted = byte(start) == quote && start < count
        var end: Int
        var stop: Int
        if isQuoted {
          _ = marks.advance()
          var isEscaped = false
          while true {
            end = marks.advance()
            if end == count { break }
            if byte(end) == quote {
              guard end + 1 < count, byte(end + 1) == quote else { break }
              _ = marks.advance()
              isEscaped = true
            } else if byte(end) == 0x0A {
              newlines += 1
            }
          }
          if end == count {
            if isLast {
              fault = Fault(
                code: .syntax, record: record, place: start,
                problem: "The quoted field does not end.", remedy: "Close it with a quote.")
            }
            break field
          }
          // A quote as the last byte may be the first of two.
          stop = end + 1
          if stop < count, byte(stop) == 0x0D { stop += 1 }
          if stop >= count, !isLast { break field }
          if stop < count {
            let isDelimiter = byte(stop) == delimiter && stop == end + 1
            guard isDelimiter || byte(stop) == 0x0A else {
              fault = Fault(
                code: .syntax, record: record, place: stop,
                problem: "Something follows the closing quote of a field.",
                remedy: "Double the quotes inside a quoted field.")
              break field
            }
            _ = marks.advance()
          }
          if isEscaped { output.escaped.append(output.cells.count) }
          start += 1
        } else {
          repeat { stop = marks.advance() } while stop < count && byte(stop) == quote
          if stop == count, !isLast { break field }
          end = stop
          if stop == count || byte(stop) == 0x0A, end > start, byte(end - 1) == 0x0D { end -= 1 }
        }
        output.cells.append(.init(start: Int32(start), length: Int32(end - start)))
        start = stop + 1
        if stop >= count || byte(stop) == 0x0A {
          isComplete = true
          break
        }
      }
      guard isComplete else {
        output.cells.removeSubrange(firstCell...)
        while let last = output.escaped.last, last >= firstCell { output.escaped.removeLast() }
        break
      }
      let fields = output.cells.count - firstCell
      let isBlank = fields == 1 && !isQuoted && output.cells[firstCell].length == 0
      if isBlank {
        output.cells.removeLast()
      } else if let width = output.width, fields != width {
        let last = output.cells[firstCell + min(fields - 1, width)]
        fault = Fault(
          code: .raggedRow, record: record,
          place: Int(fields > width ? last.start : last.start + last.length),
          problem: "The row has \(fields) fields, the header \(width).",
          remedy: fields > width
            ? "Quote fields that contain the delimiter." : "Add the missing fields.")
        break
      } else {
        output.width = fields
        output.lines.append(Int32(clamping: line))
      }
      line += newlines + (start <= count ? 1 : 0)
      record = min(start, count)
    }
    return record
  }
}

extension DelimitedScan {
  private func validate(
    _ block: RecordBlock, upTo end: Int, first: Int
  ) throws(RankingDataError) {
    if String(validating: block.bytes[..<end], as: UTF8.self) != nil { return }
    // The records before the first bad byte are good text.
    var place = 0
    var decoder = UTF8()
    var iterator = block.bytes[..<end].makeIterator()
    loop: while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): place += UTF8.width(scalar)
      case .emptyInput, .error: break loop
      }
    }
    let row = block.lines.indices.last { Int(block.cells[$0 * block.width].start) <= place }
    let cell = block.cells.last { $0.length >= 0 && Int($0.start) <= place }
    let start = row.map { Int(block.cells[$0 * block.width].start) } ?? 0
    throw failure(
      .encoding, block.bytes, record: min(start, place),
      line: row.map { Int(block.lines[$0]) } ?? first, place: cell.map { Int($0.start) } ?? place,
      "The field is not UTF-8.", "Convert the file, for instance: iconv -f WINDOWS-1252 -t UTF-8.")
  }

  /// Closes up doubled quotes in place; a field only ever shrinks.
  private func unescape(_ block: inout RecordBlock, _ index: Int) {
    let start = Int(block.cells[index].start)
    let end = start + Int(block.cells[index].length)
    var write = start
    var read = start
    while read < end {
      block.bytes[write] = block.bytes[read]
      read += block.bytes[read] == UInt8(ascii: "\"") ? 2 : 1
      write += 1
    }
    block.cells[index].length = Int32(write - start)
  }

  /// An error about a cell of a record that stands first in its block.
  func failure(
    _ code: RankingDataError.Code, in block: RecordBlock, cell index: Int, _ problem: String,
    _ remedy: String
  ) -> RankingDataError {
    failure(
      code, block.bytes, record: Int(block.cells[0].start), line: Int(block.lines[0]),
      place: Int(block.cells[index].start), problem, remedy)
  }

  /// An error at a byte of the record that starts at `record` on line `line`.
  private func failure(
    _ code: RankingDataError.Code, _ bytes: [UInt8], record: Int, line: Int, place: Int,
    _ problem: String, _ remedy: String
  ) -> RankingDataError {
    let prefix = bytes[record..<max(record, place)]
    let lineStart = prefix.lastIndex(of: 0x0A).map { $0 + 1 } ?? record
    return RankingDataError(
      code, file: file, line: line + prefix.count { $0 == 0x0A },
      column: String(decoding: bytes[lineStart..<max(lineStart, place)], as: UTF8.self).count + 1,
      problem: problem, remedy: remedy)
  }
}
