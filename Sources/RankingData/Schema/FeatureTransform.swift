public import Foundation

/// The fitted form of a schema: vocabularies and scales. The same transform turns training rows
/// and requests into batches, so a model sees the same numbers in both; it is part of the model's
/// bundle.
public struct FeatureTransform: Sendable, Hashable, Codable {
  /// What was fitted.
  public let schema: RankingSchema
  /// Vocabularies of the categorical fields, in the schema's order.
  public let categorical: [Vocabulary]
  /// Vocabularies of the multi-valued fields, in the schema's order. A history's is the item
  /// field's, when the schema has that field.
  public let bags: [Vocabulary]
  /// Scales of the numeric fields, in the schema's order.
  public let numeric: [NumericTransform]
  /// The shape of the batches.
  public let layout: FeatureLayout

  init(
    schema: RankingSchema, categorical: [Vocabulary], bags: [Vocabulary?],
    numeric: [NumericTransform]
  ) {
    let itemField = schema.categorical.firstIndex { $0.name == schema.item }
    let bags = bags.map { $0 ?? itemField.map { categorical[$0] } ?? Vocabulary(ids: []) }
    self.schema = schema
    self.categorical = categorical
    self.bags = bags
    self.numeric = numeric
    layout = FeatureLayout(
      categorical: zip(schema.categorical, categorical).map {
        .init(name: $0.name, rows: $1.count)
      },
      bags: zip(schema.multiValued, bags).map { .init(name: $0.name, rows: $1.count) },
      historyBag: schema.multiValued.firstIndex(where: \.isHistory), itemField: itemField,
      numeric: numeric.flatMap { field in
        field.indicator ? [field.name, "\(field.name) is missing"] : [field.name]
      },
      visual: schema.visual.items, visualHistory: schema.visual.history)
  }

  /// Whether a multi-valued field has no vocabulary of its own.
  static func sharesItems(_ field: MultiValuedField, _ schema: RankingSchema) -> Bool {
    field.isHistory && schema.categorical.contains { $0.name == schema.item }
  }

  private enum CodingKeys: String, CodingKey { case schema, categorical, bags, numeric }

  /// Decodes a fitted transform.
  /// - Throws: `DecodingError` also where the tables do not fit the schema.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let schema = try container.decode(RankingSchema.self, forKey: .schema)
    let categorical = try container.decode([Vocabulary].self, forKey: .categorical)
    let bags = try container.decode([Vocabulary?].self, forKey: .bags)
    let numeric = try container.decode([NumericTransform].self, forKey: .numeric)
    guard categorical.count == schema.categorical.count, bags.count == schema.multiValued.count,
      numeric.map(\.name) == schema.numeric.map(\.name)
    else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "The vocabularies and scales do not fit the schema's fields."))
    }
    self.init(schema: schema, categorical: categorical, bags: bags, numeric: numeric)
  }

  /// Encodes each vocabulary once.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(schema, forKey: .schema)
    try container.encode(categorical, forKey: .categorical)
    let own: [Vocabulary?] = zip(schema.multiValued, bags).map { field, vocabulary in
      Self.sharesItems(field, schema) ? nil : vocabulary
    }
    try container.encode(own, forKey: .bags)
    try container.encode(numeric, forKey: .numeric)
  }

  /// Canonical JSON: sorted keys, no white space.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}
