/// Reads judged queries of a LETOR or SVMlight file one by one, in memory that does not grow with the
/// file: each becomes a request whose items carry their numbers and their grade as features.
///
/// Features keep the names `f1`, `f2` … of the table readers; the file is scanned once before for
/// those that occur, because a row that does not mention one has 0 there. Items are named by
/// `#docid =`, else by query and place.
package struct JudgedListReader {
  private var reader: SVMLightReader
  private let features: [String]
  private let grade: String
  private var block = RecordBlock()
  private var row = 0
  /// The position of each column in the block; what it lacks is absent.
  private var positions: [String: Int] = [:]
  private var open: RankingRequest?
  private var seen: Set<String> = []

  /// Opens a file, which must have a name: it is read twice.
  /// - Parameters:
  ///   - groups: the file of the sizes of the queries, where rows have no `qid`.
  ///   - grade: what the items' grade is called.
  /// - Throws: `RankingDataError` naming file, line and column.
  package init(
    path: String, groups: String? = nil, grade: String = "relevance"
  ) throws(RankingDataError) {
    func opened() throws(RankingDataError) -> SVMLightReader {
      var sizes: QueryGroups?
      if let groups { sizes = try QueryGroups(path: groups, first: 1) }
      return SVMLightReader(try ByteSource(path: path), groups: sizes) { _ in true }
    }
    var scan = try opened()
    while try scan.next(&block) {}
    features = scan.columns.filter(scan.isNumeric).filter { $0 != "label" }
    guard scan.columns.contains("qid") else {
      throw RankingDataError(
        .missingColumn, file: path, problem: "No row names its query.",
        remedy: "Write qid:10 behind each label, or give a file of group sizes.")
    }
    self.grade = grade
    reader = try opened()
    block.removeAll()
  }

  /// The next query, or `nil` at the end of the file.
  /// - Throws: `RankingDataError` for a row without a query, and for a query whose rows do not stand
  ///   together.
  package mutating func next() throws(RankingDataError) -> RankingRequest? {
    while true {
      if row == block.count {
        row = 0
        guard try reader.next(&block) else {
          defer { open = nil }
          return open
        }
        positions = Dictionary(uniqueKeysWithValues: zip(reader.columns, 0...))
      }
      let query = text("qid") ?? ""
      if let complete = open, complete.id != query {
        open = nil
        return complete
      }
      try take(query)
      row += 1
    }
  }

  private mutating func take(_ query: String) throws(RankingDataError) {
    if open == nil {
      guard !query.isEmpty, seen.insert(query).inserted else {
        throw RankingDataError(
          query.isEmpty ? .missingKey : .duplicateIdentifier, file: reader.name,
          line: Int(block.lines[row]),
          problem: query.isEmpty
            ? "The row names no query." : "Query \(query) occurs a second time.",
          remedy: "Sort the rows by query, each row with its qid.")
      }
      open = RankingRequest(id: query, items: [])
    }
    var values: [String: FeatureValue] = [:]
    for name in features {
      guard let text = text(name) else {
        values[name] = 0
        continue
      }
      // An empty cell is what the reader makes of NULL.
      if let number = DecimalNumber.parse(text) { values[name] = .number(number) }
    }
    values[grade] = .number(text("label").flatMap { DecimalNumber.parse($0) } ?? 0)
    let place = (open?.items.count ?? 0) + 1
    let id = text("docid") ?? "\(query):\(place)"
    open?.items.append(Candidate(id: id, features: values))
  }

  /// The text of the row in a column; nil where the row does not mention it.
  private func text(_ column: String) -> String? {
    guard let position = positions[column], position < block.width,
      block.cells[row * block.width + position].length >= 0
    else { return nil }
    return block.text(row: row, column: position)
  }
}
