extension FeatureTransform: Codable {
  /// Counted up when older files can no longer be read.
  private static let version = 2

  private enum CodingKeys: String, CodingKey {
    case version, schema, categorical, bags, numeric, buckets, crosses, counters
  }

  /// Decodes a fitted transform.
  /// - Throws: `DecodingError` also where the tables do not fit the schema, or come from an older
  ///   version of the library.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func wrong(_ problem: String) -> DecodingError {
      .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: problem))
    }
    let version = try container.decodeIfPresent(Int.self, forKey: .version) ?? 1
    guard version == Self.version else {
      throw wrong(
        "The transform has format \(version), and this version of the program reads format"
          + " \(Self.version): train the model again.")
    }
    let schema = try container.decode(RankingSchema.self, forKey: .schema)
    let categorical = try container.decode([Vocabulary].self, forKey: .categorical)
    let bags = try container.decode([Vocabulary?].self, forKey: .bags)
    let numeric = try container.decode([NumericTransform].self, forKey: .numeric)
    let buckets = try container.decode([Buckets].self, forKey: .buckets)
    let crosses = try container.decode([CrossTransform].self, forKey: .crosses)
    let counters = try container.decode([CounterTransform].self, forKey: .counters)
    guard categorical.count == schema.categorical.count, bags.count == schema.multiValued.count,
      numeric.map(\.name) == schema.numbers.map(\.name),
      buckets.map(\.name) == schema.buckets.map(\.name),
      crosses.map(\.fields) == schema.crosses.map(\.fields),
      counters.map(\.field) == schema.counters
    else { throw wrong("The vocabularies and scales do not fit the schema's fields.") }
    self.init(
      schema: schema, categorical: categorical, bags: bags, numeric: numeric, buckets: buckets,
      crosses: crosses, counters: counters)
  }

  /// Encodes each vocabulary once.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.version, forKey: .version)
    try container.encode(schema, forKey: .schema)
    try container.encode(categorical, forKey: .categorical)
    let own: [Vocabulary?] = zip(schema.multiValued, bags).map { field, vocabulary in
      schema.sharedField(of: field) == nil ? vocabulary : nil
    }
    try container.encode(own, forKey: .bags)
    try container.encode(numeric, forKey: .numeric)
    try container.encode(buckets, forKey: .buckets)
    try container.encode(crosses, forKey: .crosses)
    try container.encode(counters, forKey: .counters)
  }
}
