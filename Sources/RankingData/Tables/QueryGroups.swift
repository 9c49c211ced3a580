/// Sizes of consecutive groups of rows, one number a line: how LightGBM's and XGBoost's samples say
/// which rows belong to one query. Queries are numbered on through all files of a data set.
struct QueryGroups {
  private let file: String
  private let sizes: [Int]
  private let first: Int
  private var group = 0
  private var taken = 0

  /// Reads a file of sizes.
  /// - Parameter first: the number of its first query.
  init(path: String, first: Int) throws(RankingDataError) {
    file = path
    self.first = first
    var reader = LineReader(try ByteSource(path: path))
    var sizes: [Int] = []
    while let range = try reader.next() {
      let text = String(decoding: reader.buffer[range], as: UTF8.self)
      let words = text.split { $0 == " " || $0 == "\t" || $0 == "\r" }
      if words.isEmpty { continue }
      guard words.count == 1, let size = Int(words[0]), size > 0 else {
        throw RankingDataError(
          .badValue, file: path, line: reader.line,
          problem: "\"\(text.prefix(40))\" is no number of rows.",
          remedy: "Write one positive whole number a line.")
      }
      sizes.append(size)
    }
    self.sizes = sizes
  }

  /// Number of queries.
  var count: Int { sizes.count }

  /// The query of the next row.
  mutating func next(_ rows: String?, line: Int) throws(RankingDataError) -> String {
    if group < sizes.count, taken == sizes[group] {
      group += 1
      taken = 0
    }
    guard group < sizes.count else {
      throw RankingDataError(
        .badValue, file: rows, line: line,
        problem: "There are more rows than the \(sizes.reduce(0, +)) of \(file).",
        remedy: "Give the group sizes of this very file.")
    }
    taken += 1
    return "\(first + group)"
  }

  /// Called behind the last row.
  func finish(_ rows: String?) throws(RankingDataError) {
    let found = sizes[..<min(group, sizes.count)].reduce(0, +) + taken
    let wanted = sizes.reduce(0, +)
    guard found != wanted else { return }
    throw RankingDataError(
      .badValue, file: rows,
      problem: "There are \(found) rows, but \(file) counts \(wanted).",
      remedy: "Give the group sizes of this very file.")
  }
}
