/// Which columns a ranker reads, and how.
///
/// The reserved column names are `user`, `item`, `category`, `timestamp` and `position`; context
/// and item features are named by their bare key.
public struct RankingSchema: Sendable, Hashable, Codable {
  /// Column with the label, 0 or 1 (or a probability).
  public var label: String
  /// Column with the request id.
  public var request: String
  /// Column with the user id.
  public var user: String
  /// Column with the item id; joins impressions with the catalogue.
  public var item: String
  /// Column with seconds since 1970.
  public var timestamp: String
  /// Column with row weights, if any.
  public var weight: String?
  /// Fields with one id per row.
  public var categorical: [CategoricalField]
  /// Fields with a list of ids per row.
  public var multiValued: [MultiValuedField]
  /// Fields with one number per row.
  public var numeric: [NumericField]
  /// Whether image vectors are read.
  public var visual: VisualFields

  /// The columns that say whose answer a row is, when, and which: what two models must share to be
  /// compared.
  package var reserved: [String] { [label, request, user, item, timestamp] }

  /// The longest history that any field reads.
  var historyLimit: Int {
    let fields = multiValued.filter(\.isHistory).map(\.limit)
    return max(fields.max() ?? 0, visual.history ? visual.limit : 0)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case label, request, user, item, timestamp, weight, categorical
    case multiValued = "multi_valued"
    case numeric, visual
  }

  /// Creates a schema.
  public init(
    label: String = "click", request: String = "request", user: String = "user",
    item: String = "item", timestamp: String = "timestamp", weight: String? = nil,
    categorical: [CategoricalField] = [], multiValued: [MultiValuedField] = [],
    numeric: [NumericField] = [], visual: VisualFields = VisualFields()
  ) {
    self.label = label
    self.request = request
    self.user = user
    self.item = item
    self.timestamp = timestamp
    self.weight = weight
    self.categorical = categorical
    self.multiValued = multiValued
    self.numeric = numeric
    self.visual = visual
  }
}

/// A field with one id per row.
public struct CategoricalField: Sendable, Hashable, Codable {
  /// Column name.
  public var name: String
  /// Ids seen fewer times in training share row 0, the unknown value.
  public var minimumCount: Int

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name
    case minimumCount = "minimum_count"
  }

  /// Creates a field.
  public init(name: String, minimumCount: Int = 1) {
    self.name = name
    self.minimumCount = minimumCount
  }
}

/// A field with a list of ids per row.
///
/// The name `history` is reserved: the items the user responded to strictly before the impression.
/// A history shares the vocabulary of the item field, when the schema has that field.
public struct MultiValuedField: Sendable, Hashable, Codable {
  /// The reserved name.
  public static let history = "history"

  /// Column name, or `history`.
  public var name: String
  /// Ids seen fewer times in training share row 0, the unknown value.
  public var minimumCount: Int
  /// Separator of the ids in a CSV cell.
  public var separator: String
  /// Longest list kept: the most recent items of a history, the first ids of any other field.
  public var limit: Int

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name
    case minimumCount = "minimum_count"
    case separator, limit
  }

  /// Creates a field.
  public init(
    name: String, minimumCount: Int = 1, separator: String = "|", limit: Int = 50
  ) {
    self.name = name
    self.minimumCount = minimumCount
    self.separator = separator
    self.limit = limit
  }

  /// Whether this is the user's history.
  public var isHistory: Bool { name == Self.history }
}

/// A field with one number per row.
public struct NumericField: Sendable, Hashable, Codable {
  /// How a number is brought to a scale that a network trains well on.
  public enum Transform: String, Sendable, Hashable, Codable, CaseIterable {
    /// (x - mean) / standard deviation.
    case standardize
    /// log(1 + x), for x >= 0, then standardized: counts, prices, durations.
    case log
    /// As it is.
    case none
  }

  /// Column name.
  public var name: String
  /// Scale.
  public var transform: Transform

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, transform
  }

  /// Creates a field.
  public init(name: String, transform: Transform = .standardize) {
    self.name = name
    self.transform = transform
  }
}

/// Whether image vectors are read.
public struct VisualFields: Sendable, Hashable, Codable {
  /// The candidate's image.
  public var items: Bool
  /// The images of the user's history.
  public var history: Bool
  /// Longest visual history, most recent items.
  public var limit: Int

  enum CodingKeys: String, CodingKey, CaseIterable {
    case items, history, limit
  }

  /// Creates the switches.
  public init(items: Bool = false, history: Bool = false, limit: Int = 50) {
    self.items = items
    self.history = history
    self.limit = limit
  }
}
