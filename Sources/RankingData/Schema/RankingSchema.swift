/// Which columns a ranker reads, and how.
///
/// The reserved column names are `user`, `item`, `category`, `timestamp` and `position`; context
/// and item features are named by their bare key.
public struct RankingSchema: Sendable, Hashable, Codable {
  /// Column with the label.
  public var label: LabelRule
  /// What else was observed of a row; a ranker of one task ignores it.
  public var tasks: [TaskField]
  /// Column with the request id; without one, every row is a request of its own.
  public var request: String?
  /// Column with the user id; without one, the request is the user.
  public var user: String?
  /// Column with the item id, which joins impressions with the catalogue; without one, the number
  /// of the row is the item.
  public var item: String?
  /// Column with seconds since 1970; without one there are no histories and no splits by time.
  public var timestamp: String?
  /// Column with row weights, if any.
  public var weight: String?
  /// Fields with one id per row.
  public var categorical: [CategoricalField]
  /// Fields with a list of ids per row.
  public var multiValued: [MultiValuedField]
  /// Fields with one number per row.
  public var numeric: [NumericField]
  /// Fields of combined ids.
  public var crosses: [CrossField]
  /// Numbers counted over earlier rows.
  public var counters: [CounterField]
  /// Whether image vectors are read.
  public var visual: VisualFields

  enum CodingKeys: String, CodingKey, CaseIterable {
    case label, tasks, request, user, item, timestamp, weight, categorical
    case multiValued = "multi_valued"
    case numeric, crosses, counters, visual
  }

  /// Creates a schema.
  public init(
    label: LabelRule = "click", tasks: [TaskField] = [], request: String? = "request",
    user: String? = "user",
    item: String? = "item", timestamp: String? = "timestamp", weight: String? = nil,
    categorical: [CategoricalField] = [], multiValued: [MultiValuedField] = [],
    numeric: [NumericField] = [], crosses: [CrossField] = [], counters: [CounterField] = [],
    visual: VisualFields = VisualFields()
  ) {
    self.label = label
    self.tasks = tasks
    self.request = request
    self.user = user
    self.item = item
    self.timestamp = timestamp
    self.weight = weight
    self.categorical = categorical
    self.multiValued = multiValued
    self.numeric = numeric
    self.crosses = crosses
    self.counters = counters
    self.visual = visual
  }

  /// The word for a role that the data do not have.
  package static let none = "none"

  /// The label and the columns of request, user, item and time: what two models must share to be
  /// compared.
  package var reserved: [String] {
    [label.description] + [request, user, item, timestamp].map { $0 ?? Self.none }
  }

  /// Columns that say whose answer a row is, when, and which.
  package var roles: Set<String> { Set([request, user, item, timestamp].compactMap { $0 }) }

  /// The longest history that any field reads.
  package var historyLimit: Int {
    let fields = multiValued.filter(\.isHistory).map(\.limit)
    return max(fields.max() ?? 0, visual.history ? visual.limit : 0)
  }

  /// Whether a field needs the times of the rows; the field's name.
  package var fieldThatNeedsTimes: String? {
    multiValued.first { $0.isHistory || $0.times != nil }?.name
      ?? (visual.history ? "visual.history" : nil)
      ?? counters.first { $0.halfLife != nil }.map { "counters of \($0.name) with half_life" }
  }
}
