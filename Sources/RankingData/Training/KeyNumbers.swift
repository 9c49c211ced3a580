/// Dense numbers for the keys of a log's rows, in order of first appearance.
struct KeyNumbers: Sendable {
  private let parts: [KeyPart]
  /// By part, whether a value has no text.
  private let isMissing: [[Bool]]
  private var pairs: PairTable = PairTable()
  /// Numbers of whole keys by the number of their last pair.
  private var wholes: [Int32] = []
  /// A row with each key.
  private(set) var examples: [Int32] = []

  init(
    _ log: ImpressionLog, _ columns: [String], _ buckets: [Buckets]
  ) throws(RankingDataError) {
    var parts: [KeyPart] = []
    for name in columns { parts.append(try KeyPart(log, name, buckets)) }
    self.parts = parts
    isMissing = parts.map { $0.table(\.isEmpty) }
  }

  /// The number of a row's key, which may be new; -1 where a part is missing. Without columns all
  /// rows have one key. Amortized O(parts).
  mutating func number(_ row: Int32) -> Int32 {
    if parts.isEmpty {
      if examples.isEmpty { examples.append(row) }
      return 0
    }
    var node: Int32 = -1
    for (part, isMissing) in zip(parts, isMissing) {
      let place = part.place(row)
      if place < 0 || isMissing[Int(place)] { return -1 }
      node = pairs.number(node, place)
    }
    while wholes.count < pairs.count { wholes.append(-1) }
    if wholes[Int(node)] < 0 {
      wholes[Int(node)] = Int32(examples.count)
      examples.append(row)
    }
    return wholes[Int(node)]
  }

  /// The texts of a key's parts.
  func parts(of number: Int32) -> [String] {
    parts.map { $0.text($0.place(examples[Int(number)])) }
  }
}
