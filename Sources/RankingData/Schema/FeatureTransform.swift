public import Foundation

/// The fitted form of a schema: vocabularies and scales. The same transform turns training rows
/// and requests into batches, so a model sees the same numbers in both; it is part of the model's
/// bundle.
public struct FeatureTransform: Sendable, Hashable {
  /// What was fitted, with columns in the place of patterns.
  public let schema: RankingSchema
  /// Vocabularies of the categorical fields, in the schema's order.
  public let categorical: [Vocabulary]
  /// Vocabularies of the multi-valued fields, in the schema's order. A history's is the item
  /// field's, when the schema has that field, and that of its items' values the values' field's.
  public let bags: [Vocabulary]
  /// Scales of the numeric fields that are read as numbers, in the schema's order.
  public let numeric: [NumericTransform]
  /// Numeric fields that are read as ids, in the schema's order.
  public let buckets: [Buckets]
  /// Crosses, in the schema's order.
  public let crosses: [CrossTransform]
  /// Counters as they stood after the training rows, in the schema's order.
  public let counters: [CounterTransform]
  /// The shape of the batches.
  public let layout: FeatureLayout

  init(
    schema: RankingSchema, categorical: [Vocabulary], bags: [Vocabulary?],
    numeric: [NumericTransform], buckets: [Buckets], crosses: [CrossTransform],
    counters: [CounterTransform]
  ) {
    let itemField = schema.categorical.firstIndex { $0.name == schema.item }
    let shared = schema.multiValued.map(schema.sharedField)
    let bags = zip(bags, shared).map { own, field in
      own ?? field.map { categorical[$0] } ?? Vocabulary(ids: [])
    }
    self.schema = schema
    self.categorical = categorical
    self.bags = bags
    self.numeric = numeric
    self.buckets = buckets
    self.crosses = crosses
    self.counters = counters
    let plain = zip(schema.categorical, categorical).map { ($0.name, $1.count) }
    let bucketed = buckets.map { ($0.layoutName, $0.count) }
    let crossed = crosses.map { ($0.name, $0.vocabulary.count) }
    layout = FeatureLayout(
      categorical: (plain + bucketed + crossed).map { .init(name: $0, rows: $1) },
      bags: zip(schema.multiValued, bags).map { .init(name: $0.name, rows: $1.count) },
      agedBags: schema.multiValued.indices.filter { schema.multiValued[$0].ages },
      historyBag: schema.multiValued.firstIndex(where: \.isHistory), itemField: itemField,
      historyAttributes: schema.multiValued.indices.compactMap { bag in
        guard schema.multiValued[bag].historyAttribute != nil else { return nil }
        return shared[bag].map { .init(bag: bag, field: $0) }
      },
      numeric: numeric.flatMap(\.columns) + counters.flatMap(\.field.columns),
      visual: schema.visual.items, visualHistory: schema.visual.history,
      label: schema.label.name, tasks: schema.tasks.map(\.name))
  }

  /// The ids of a categorical field of the layout, by row from row 1; none where they are hashed.
  package func ids(of field: String) -> [String] {
    if let place = schema.categorical.firstIndex(where: { $0.name == field }) {
      return categorical[place].ids
    }
    if let cross = crosses.first(where: { $0.name == field }) { return cross.vocabulary.ids }
    guard let bucket = buckets.first(where: { $0.layoutName == field }) else { return [] }
    let edges = bucket.edges.map { "\($0)" }
    return zip(["−∞"] + edges, edges + ["∞"]).map { "\($0) … \($1)" }
  }

  /// Canonical JSON: sorted keys, no white space.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}
