/// A cross over the rows of a log.
struct CrossColumn: Sendable {
  private let parts: [KeyPart]
  private let encoding: Encoding

  private enum Encoding: Sendable {
    /// By part, the hash of each value.
    case hashed([[UInt64]], rows: Int)
    /// By part, the number of each value among those that the vocabulary knows, or -1; and the row
    /// of each combination, part by part.
    case known([[Int32]], PairTable, rows: [Int32])
  }

  init(
    _ log: ImpressionLog, _ cross: CrossTransform, _ buckets: [Buckets]
  ) throws(RankingDataError) {
    var parts: [KeyPart] = []
    for name in cross.fields { parts.append(try KeyPart(log, name, buckets)) }
    self.parts = parts
    if let rows = cross.vocabulary.hashRows {
      encoding = .hashed(parts.map { $0.table(CrossTransform.hash) }, rows: rows)
    } else {
      encoding = Self.known(parts, cross.vocabulary)
    }
  }

  private static func known(_ parts: [KeyPart], _ vocabulary: Vocabulary) -> Encoding {
    var known = parts.map { _ in [String: Int32]() }
    var pairs = PairTable()
    var rows: [Int32] = []
    for (index, id) in vocabulary.ids.enumerated() {
      let texts = id.split(
        separator: CrossTransform.separator, omittingEmptySubsequences: false)
      guard texts.count == parts.count else { continue }
      var node: Int32 = -1
      for (part, text) in texts.enumerated() {
        let next = Int32(known[part].count)
        let number = known[part][String(text), default: next]
        known[part][String(text)] = number
        node = pairs.number(node, number)
      }
      while rows.count < pairs.count { rows.append(0) }
      rows[Int(node)] = Int32(index) + 1
    }
    let numbers = zip(parts, known).map { part, known in part.table { known[$0] ?? -1 } }
    return .known(numbers, pairs, rows: rows)
  }

  /// The row of the vocabulary of a row of the log. O(parts).
  subscript(row: Int32) -> Int32 {
    switch encoding {
    case .hashed(let hashes, let rows):
      var combined: UInt64 = 0
      for (part, hashes) in zip(parts, hashes) {
        let place = part.place(row)
        let hash = place < 0 ? 0 : hashes[Int(place)]
        if hash == 0 { return 0 }
        combined = StableHash.combined(combined, hash)
      }
      return Vocabulary.row(combined, rows)
    case .known(let numbers, let pairs, let rows):
      var node: Int32 = -1
      for (part, numbers) in zip(parts, numbers) {
        let place = part.place(row)
        let number = place < 0 ? -1 : numbers[Int(place)]
        if number < 0 { return 0 }
        node = pairs[node, number]
        if node < 0 { return 0 }
      }
      return rows[Int(node)]
    }
  }

  /// Whether a part of the key is missing in a row.
  func isMissing(_ row: Int32) -> Bool {
    parts.contains { $0.text($0.place(row)).isEmpty }
  }
}
