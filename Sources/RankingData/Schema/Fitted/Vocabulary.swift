/// Ids of a field and their rows in an embedding table. Row 0 is the unknown value: ids that are
/// missing, too rare in training, or new. A hashed vocabulary knows every id but the missing one.
public struct Vocabulary: Sendable, Hashable {
  /// How many rows ids may be hashed to.
  static let hashSizes = 1...1_000_000_000

  /// Known ids; `ids[i]` has row `i + 1`. None where ids are hashed.
  public let ids: [String]
  /// Rows that ids are hashed to, the unknown one apart; `nil` for a dictionary.
  public let hashRows: Int?
  private let rows: [String: Int32]

  /// Creates a vocabulary of known ids in row order. Where an id occurs twice, its first row counts.
  public init(ids: [String]) {
    self.ids = ids
    hashRows = nil
    rows = Dictionary(
      zip(ids, 1...Int32(max(1, ids.count))), uniquingKeysWith: { first, _ in first })
  }

  /// Creates a vocabulary that hashes ids to as many rows.
  public init(hashRows: Int) {
    precondition(
      Self.hashSizes.contains(hashRows), "Ids cannot be hashed to \(hashRows) rows.")
    ids = []
    self.hashRows = hashRows
    rows = [:]
  }

  /// Creates a vocabulary from counts: ids seen at least `minimumCount` times, most frequent first,
  /// equal counts in byte order. Empty ids stay unknown. O(n log n).
  public init(counts: [String: Int], minimumCount: Int) {
    let known = counts.filter { $0.value >= minimumCount && !$0.key.isEmpty }
    let sorted = known.sorted { a, b in
      a.value != b.value
        ? a.value > b.value : a.key.utf8.lexicographicallyPrecedes(b.key.utf8)
    }
    self.init(ids: sorted.map(\.key))
  }

  /// Number of rows, the unknown one included.
  public var count: Int { (hashRows ?? ids.count) + 1 }

  /// The row of an id; 0 when unknown. O(1).
  public func row(of id: String) -> Int32 {
    if let hashRows { return id.isEmpty ? 0 : Self.row(StableHash.hash(id), hashRows) }
    return rows[id] ?? 0
  }

  /// The row of a hash among as many rows as ids are hashed to.
  static func row(_ hash: UInt64, _ hashRows: Int) -> Int32 {
    Int32(truncatingIfNeeded: StableHash.place(hash, in: hashRows) + 1)
  }
}

extension Vocabulary: Codable {
  private enum CodingKeys: String, CodingKey { case hash }

  /// Decodes an array of ids in row order, or `{"hash": rows}`.
  public init(from decoder: any Decoder) throws {
    guard let container = try? decoder.container(keyedBy: CodingKeys.self) else {
      self.init(ids: try decoder.singleValueContainer().decode([String].self))
      return
    }
    let rows = try container.decode(Int.self, forKey: .hash)
    guard Self.hashSizes.contains(rows) else {
      throw DecodingError.dataCorruptedError(
        forKey: .hash, in: container, debugDescription: "Ids cannot be hashed to \(rows) rows.")
    }
    self.init(hashRows: rows)
  }

  /// Encodes an array of ids in row order, or `{"hash": rows}`.
  public func encode(to encoder: any Encoder) throws {
    if let hashRows {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(hashRows, forKey: .hash)
    } else {
      var container = encoder.singleValueContainer()
      try container.encode(ids)
    }
  }
}
