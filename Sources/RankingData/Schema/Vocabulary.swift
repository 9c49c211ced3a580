/// Ids of a field and their rows in an embedding table. Row 0 is the unknown value: ids that are
/// missing, too rare in training, or new.
public struct Vocabulary: Sendable, Hashable {
  /// Known ids; `ids[i]` has row `i + 1`.
  public let ids: [String]
  private let rows: [String: Int32]

  /// Creates a vocabulary of known ids in row order. Where an id occurs twice, its first row counts.
  public init(ids: [String]) {
    self.ids = ids
    rows = Dictionary(
      zip(ids, 1...Int32(max(1, ids.count))), uniquingKeysWith: { first, _ in first })
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
  public var count: Int { ids.count + 1 }

  /// The row of an id; 0 when unknown. O(1).
  public func row(of id: String) -> Int32 { rows[id] ?? 0 }
}

extension Vocabulary: Codable {
  /// Decodes an array of ids in row order.
  public init(from decoder: any Decoder) throws {
    self.init(ids: try decoder.singleValueContainer().decode([String].self))
  }

  /// Encodes an array of ids in row order.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(ids)
  }
}
