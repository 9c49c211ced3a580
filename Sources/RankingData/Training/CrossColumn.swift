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

  /// Looks up the vocabulary's rows of some rows, part by part. O(rows × parts).
  func gather(_ rows: ArraySlice<Int32>) -> [Int32] {
    switch encoding {
    case .hashed(let hashes, let hashRows):
      var combined = [UInt64](repeating: 0, count: rows.count)
      var isMissing = [Bool](repeating: false, count: rows.count)
      for (part, hashes) in zip(parts, hashes) {
        for (index, place) in part.places(rows).enumerated() {
          let hash = place < 0 ? 0 : hashes[Int(place)]
          if hash == 0 { isMissing[index] = true }
          combined[index] = StableHash.combined(combined[index], hash)
        }
      }
      return combined.indices.map { isMissing[$0] ? 0 : Vocabulary.row(combined[$0], hashRows) }
    case .known(let numbers, let pairs, let vocabularyRows):
      // A beginning that the vocabulary does not know is -2, and stays it.
      var nodes = [Int32](repeating: -1, count: rows.count)
      for (part, numbers) in zip(parts, numbers) {
        for (index, place) in part.places(rows).enumerated() where nodes[index] > -2 {
          let number = place < 0 ? -1 : numbers[Int(place)]
          let node = number < 0 ? -1 : pairs[nodes[index], number]
          nodes[index] = node < 0 ? -2 : node
        }
      }
      return nodes.map { $0 < 0 ? 0 : vocabularyRows[Int($0)] }
    }
  }

  /// Whether a part of the key is missing in a row.
  func isMissing(_ row: Int32) -> Bool {
    parts.contains { $0.text($0.place(row)).isEmpty }
  }
}
