/// How far a column of ids has moved from the training rows.
public struct CategoryDrift: Sendable, Hashable, Codable {
  /// One id, or several together.
  public struct Bin: Sendable, Hashable, Codable {
    /// What a bin holds.
    public enum Kind: String, Sendable, Hashable, Codable {
      /// A frequent id.
      case id
      /// The rarer ids of the training rows.
      case other
      /// Ids that no training row has.
      case new
    }

    /// What it holds.
    public var kind: Kind
    /// The code of a frequent id.
    public var code: Int32?
    /// Share of the training rows.
    public var expected: Double
    /// Share of the rows compared.
    public var actual: Double
  }

  /// Population stability index over the most frequent ids, "other" and "new".
  public var psi: Double
  /// Share of the rows compared whose id no training row has.
  public var newShare: Double
  /// The bins, most frequent first, then other and new.
  public var bins: [Bin]

  /// The reading of the index.
  public var band: DriftBand { DriftBand(psi: psi) }

  /// Compares two samples of codes. O(n + codes log codes).
  /// - Parameter top: ids with a bin of their own.
  /// - Throws: `EvaluationError` where a side has no rows, or a code is negative.
  package init(expected: [Int32], actual: [Int32], top: Int = 10) throws(EvaluationError) {
    try checkCounts(expected.count)
    try checkCounts(actual.count)
    if let code = (expected + actual).first(where: { $0 < 0 }) {
      throw EvaluationError(.outOfRange, "A code is \(code). Codes are at least 0.")
    }
    let size = Int(max(expected.max() ?? 0, actual.max() ?? 0)) + 1
    var first = [Int](repeating: 0, count: size)
    var second = first
    for code in expected { first[Int(code)] += 1 }
    for code in actual { second[Int(code)] += 1 }
    let known = first.indices.filter { first[$0] > 0 }.sorted {
      (first[$1], $0) < (first[$0], $1)
    }
    let (m, n) = (Double(expected.count), Double(actual.count))
    var bins = known.prefix(top).map { code in
      Bin(
        kind: .id, code: Int32(code), expected: Double(first[code]) / m,
        actual: Double(second[code]) / n)
    }
    let rest = known.dropFirst(top)
    bins.append(
      Bin(
        kind: .other, expected: Double(rest.reduce(0) { $0 + first[$1] }) / m,
        actual: Double(rest.reduce(0) { $0 + second[$1] }) / n))
    newShare = Double(second.indices.reduce(0) { $0 + (first[$1] == 0 ? second[$1] : 0) }) / n
    bins.append(Bin(kind: .new, expected: 0, actual: newShare))
    self.bins = bins
    psi = try populationStability(
      expected: bins.map(\.expected), actual: bins.map(\.actual))
  }
}
