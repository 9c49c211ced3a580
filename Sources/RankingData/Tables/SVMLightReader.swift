/// Reads SVMlight files, and LETOR's, which add queries and documents:
///
/// ```
/// 2 qid:10032 1:0.056 2:0 3:NULL 46:0.076 #docid = GX029-35-5894638 inc = 0.0119
/// ```
///
/// Columns are `label`, `qid`, `docid` and `f1`, `f2` … A feature that a row does not mention is 0,
/// `NULL` is missing.
struct SVMLightReader: RecordReader {
  /// Largest feature number.
  static let maximumFeature = 1_000_000

  private var reader: LineReader
  private var block = SparseBlock()
  private var groups: QueryGroups?
  private let wants: (String) -> Bool
  /// Column of each feature number; -1 where it is not wanted, -2 where nobody asked yet.
  private var features: [Int32] = []
  private let label: Int32?

  /// - Parameters:
  ///   - groups: the number of rows of each query, where the file has no `qid`.
  ///   - wants: whether a column is kept.
  init(_ source: ByteSource, groups: QueryGroups?, wants: @escaping (String) -> Bool) {
    reader = LineReader(source)
    self.groups = groups
    self.wants = wants
    label = wants("label") ? block.position(of: "label") : nil
  }

  var name: String? { reader.name }
  var columns: [String] { block.columns }
  var hasFixedColumns: Bool { false }
  var consumed: Int { reader.consumed }
  var size: Int { reader.size }

  func isNumeric(_ column: String) -> Bool { column != "qid" && column != "docid" }

  func absent(in column: String) -> String { isNumeric(column) ? "0" : "" }

  mutating func next(_ block: inout RecordBlock) throws(RankingDataError) -> Bool {
    while !self.block.isFull {
      guard let range = try reader.next() else {
        try groups?.finish(name)
        break
      }
      try readRow(range)
    }
    return self.block.move(to: &block)
  }

  private mutating func readRow(_ line: Range<Int>) throws(RankingDataError) {
    let hash = reader.buffer[line].firstIndex(of: UInt8(ascii: "#")) ?? line.upperBound
    var words = WordRanges(reader.buffer, line.lowerBound..<hash)
    guard let first = words.next() else { return }
    block.beginRow(line: reader.line)
    guard DecimalNumber.parse(reader.buffer, first)?.isFinite == true else {
      throw failure(first, "\"\(text(first))\" is no label.", "A row starts with its label.")
    }
    if let label { block.append(reader.buffer[first], column: label) }
    var last = -1
    var hasQuery = false
    while let word = words.next() {
      guard let colon = reader.buffer[word].firstIndex(of: UInt8(ascii: ":")) else {
        throw failure(word, "\"\(text(word))\" has no colon.", "Write features as number:value.")
      }
      let (key, value) = (word.lowerBound..<colon, colon + 1..<word.upperBound)
      if last < 0, !hasQuery, reader.buffer[key].elementsEqual("qid".utf8) {
        hasQuery = true
        try keep(value, as: "qid", of: word)
        continue
      }
      let feature = try number(of: key, in: word)
      guard feature > last else {
        throw failure(
          word, "Feature \(feature) follows feature \(last).",
          "Sort the features of a row, each once.")
      }
      last = feature
      try append(value, feature: feature, of: word)
    }
    if var sizes = groups {
      guard !hasQuery else {
        throw failure(
          first, "The row names its query, and a file of group sizes was given too.",
          "Remove data.groups.")
      }
      let query = try sizes.next(name, line: reader.line)
      groups = sizes
      if wants("qid") { block.append(query.utf8, column: block.position(of: "qid")) }
    }
    if hash < line.upperBound, wants("docid"), let document = document(in: hash..<line.upperBound) {
      block.append(reader.buffer[document], column: block.position(of: "docid"))
    }
  }

  private mutating func keep(
    _ value: Range<Int>, as column: String, of word: Range<Int>
  ) throws(RankingDataError) {
    guard String(validating: reader.buffer[value], as: UTF8.self)?.isEmpty == false else {
      throw failure(word, "The query has no id, or one that is not UTF-8.", "Write it as qid:10.")
    }
    if wants(column) { block.append(reader.buffer[value], column: block.position(of: column)) }
  }

  private func number(of key: Range<Int>, in word: Range<Int>) throws(RankingDataError) -> Int {
    guard key.count <= 8, let number = Int(text(key)), number >= 0,
      reader.buffer[key.lowerBound] != UInt8(ascii: "+"), number <= Self.maximumFeature
    else {
      throw failure(
        word, "\"\(text(key))\" is no feature number from 0 to \(Self.maximumFeature).",
        "Number the features without gaps, or hash them into fewer.")
    }
    return number
  }

  private mutating func append(
    _ value: Range<Int>, feature: Int, of word: Range<Int>
  ) throws(RankingDataError) {
    while features.count <= feature { features.append(-2) }
    if features[feature] == -2 {
      let name = "f\(feature)"
      features[feature] = wants(name) ? block.position(of: name) : -1
    }
    let isMissing = reader.buffer[value].elementsEqual("NULL".utf8)
    guard isMissing || DecimalNumber.parse(reader.buffer, value)?.isFinite == true else {
      throw failure(
        word, "\"\(text(value))\" is not a finite number.", "Write NULL where it is unknown.")
    }
    guard features[feature] >= 0 else { return }
    let cell = isMissing ? value.lowerBound..<value.lowerBound : value
    block.append(reader.buffer[cell], column: features[feature])
  }

  /// The X of `#docid = X`, where the comment starts so.
  private func document(in comment: Range<Int>) -> Range<Int>? {
    var words = WordRanges(reader.buffer, comment.lowerBound + 1..<comment.upperBound)
    guard let key = words.next() else { return nil }
    let word: Range<Int>?
    if reader.buffer[key].elementsEqual("docid".utf8) {
      guard let equals = words.next(), reader.buffer[equals].elementsEqual("=".utf8) else {
        return nil
      }
      word = words.next()
    } else if reader.buffer[key].starts(with: "docid=".utf8) {
      word = key.lowerBound + 6..<key.upperBound
    } else {
      return nil
    }
    guard let word, !word.isEmpty, String(validating: reader.buffer[word], as: UTF8.self) != nil
    else { return nil }
    return word
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: reader.buffer[range].prefix(40), as: UTF8.self)
  }

  private func failure(
    _ place: Range<Int>, _ problem: String, _ remedy: String
  ) -> RankingDataError {
    let start = reader.buffer[..<place.lowerBound].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return RankingDataError(
      .syntax, file: name, line: reader.line,
      column: String(decoding: reader.buffer[start..<place.lowerBound], as: UTF8.self).count + 1,
      problem: problem, remedy: remedy)
  }
}

/// Words between spaces and tabs, as ranges of a buffer.
private struct WordRanges {
  private let bytes: [UInt8]
  private var position: Int
  private let end: Int

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  mutating func next() -> Range<Int>? {
    while position < end, bytes[position] <= 0x20 { position += 1 }
    let start = position
    while position < end, bytes[position] > 0x20 { position += 1 }
    return start < position ? start..<position : nil
  }
}
