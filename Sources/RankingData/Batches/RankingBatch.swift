/// One mini-batch, column by column: what a ranker reads.
///
/// Row 0 of every vocabulary is the unknown value. Training rows and requests are brought into this
/// form by the same `FeatureTransform`.
public struct RankingBatch: Sendable, Hashable {
  /// Number of rows.
  public var count: Int
  /// One column of `count` vocabulary rows per categorical field, in the schema's order.
  public var categorical: [[Int32]]
  /// One bag of `count` lists per multi-valued field, in the schema's order. A history runs from
  /// the oldest to the most recent item.
  public var bags: [Bag]
  /// For each multi-valued field, how many seconds before the request each of the bag's values was;
  /// -1 where that is unknown, and empty where the field does not ask for ages.
  public var bagAges: [[Float]]
  /// `[count, numericWidth]`, row-major.
  public var numeric: [Float]
  /// Columns of `numeric`.
  public var numericWidth: Int
  /// `count` rows of the visual table; -1 where the item has no image. Empty when the schema has
  /// no visual features.
  public var visualRows: [Int32]
  /// Rows of the visual table of the user's most recent items, aligned with the end of the history;
  /// -1 where an item has no image. No lists when the schema has no visual history.
  public var visualHistory: Bag
  /// `count` labels of at least 0, which may be grades; zeros for requests.
  public var labels: [Float]
  /// `count` non-negative row weights.
  public var weights: [Float]
  /// `count` dense user numbers, for grouped metrics.
  public var groups: [Int32]
  /// `count` dense request numbers.
  public var requests: [Int32]
  /// What a training of logits subtracts from each row's: the logarithm of how often the row was to
  /// be expected, where rows were drawn. Empty for nothing.
  public var offsets: [Float] = []
  /// For each task beside the label, `count` labels; NaN where a row says nothing about the task.
  /// Empty for requests.
  public var taskLabels: [[Float]] = []

  /// Creates a batch. Missing labels are 0, missing weights 1, missing groups and requests 0, and
  /// missing ages mean that no field asks for them.
  public init(
    count: Int, categorical: [[Int32]] = [], bags: [Bag] = [],
    bagAges: [[Float]]? = nil, numeric: [Float] = [], numericWidth: Int = 0,
    visualRows: [Int32] = [], visualHistory: Bag = Bag(),
    labels: [Float]? = nil, weights: [Float]? = nil, groups: [Int32]? = nil,
    requests: [Int32]? = nil
  ) {
    precondition(
      categorical.allSatisfy { $0.count == count } && bags.allSatisfy { $0.count == count },
      "Every column of a batch of \(count) rows needs \(count) values; found "
        + "\(categorical.map(\.count)) categorical and \(bags.map(\.count)) multi-valued.")
    precondition(
      bagAges.map { ages in
        ages.count == bags.count
          && zip(ages, bags).allSatisfy { $0.isEmpty || $0.count == $1.values.count }
      } ?? true,
      "Ages of \(bagAges?.map(\.count) ?? []) values do not fit bags of "
        + "\(bags.map(\.values.count)).")
    precondition(
      numeric.count == count * numericWidth,
      "A batch of \(count) rows of \(numericWidth) numbers needs \(count * numericWidth) numbers, "
        + "not \(numeric.count).")
    precondition(
      visualRows.isEmpty || visualRows.count == count,
      "A batch of \(count) rows needs \(count) visual rows or none, not \(visualRows.count).")
    self.count = count
    self.categorical = categorical
    self.bags = bags
    self.bagAges = bagAges ?? bags.map { _ in [] }
    self.numeric = numeric
    self.numericWidth = numericWidth
    self.visualRows = visualRows
    self.visualHistory = visualHistory
    self.labels = labels ?? [Float](repeating: 0, count: count)
    self.weights = weights ?? [Float](repeating: 1, count: count)
    self.groups = groups ?? [Int32](repeating: 0, count: count)
    self.requests = requests ?? [Int32](repeating: 0, count: count)
  }
}
