/// The counts of one level of a counter as they stood after the training rows: of a key, of a coarser
/// one, or of all rows.
public struct CounterLevel: Sendable, Hashable {
  /// Columns of the key; none for all rows together.
  public let columns: [String]
  /// What rates of this level shrink with.
  public let prior: BetaPrior
  /// Keys in byte order; parts are joined as in a cross.
  public let ids: [String]
  let counts: [DecayedCounts]
  private let places: [String: Int]

  init(columns: [String], prior: BetaPrior, counts: [String: DecayedCounts]) {
    self.columns = columns
    self.prior = prior
    ids = counts.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    self.counts = ids.compactMap { counts[$0] }
    places = Dictionary(uniqueKeysWithValues: zip(ids, ids.indices))
  }

  /// The key of a candidate's values; `nil` where one is missing.
  static func id(_ parts: [String]) -> String? {
    parts.isEmpty ? "" : CrossTransform.id(parts)
  }

  /// The counts of a key; none for a new one.
  func counts(of id: String?) -> DecayedCounts {
    id.flatMap { places[$0] }.map { counts[$0] } ?? DecayedCounts()
  }
}

extension CounterLevel: Codable {
  private enum CodingKeys: String, CodingKey {
    case columns, prior, ids, impressions, positives, times
  }

  /// Decodes a level.
  /// - Throws: `DecodingError` where the lists differ in length, or a key occurs twice.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let ids = try container.decode([String].self, forKey: .ids)
    let impressions = try container.decode([Double].self, forKey: .impressions)
    let positives = try container.decode([Double].self, forKey: .positives)
    let times = try container.decode([Double].self, forKey: .times)
    guard impressions.count == ids.count, positives.count == ids.count, times.count == ids.count,
      Set(ids).count == ids.count, zip(positives, impressions).allSatisfy({ 0 <= $0 && $0 <= $1 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .ids, in: container, debugDescription: "The counts do not fit the keys.")
    }
    let counts = ids.indices.map { index in
      let counts = RateCounts(positives: positives[index], impressions: impressions[index])
      return (ids[index], DecayedCounts(counts, time: times[index]))
    }
    self.init(
      columns: try container.decode([String].self, forKey: .columns),
      prior: try container.decode(BetaPrior.self, forKey: .prior),
      counts: Dictionary(uniqueKeysWithValues: counts))
  }

  /// Encodes the counts column by column.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(columns, forKey: .columns)
    try container.encode(prior, forKey: .prior)
    try container.encode(ids, forKey: .ids)
    try container.encode(counts.map(\.counts.impressions), forKey: .impressions)
    try container.encode(counts.map(\.counts.positives), forKey: .positives)
    try container.encode(counts.map(\.time), forKey: .times)
  }
}
