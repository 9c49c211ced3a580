public import RankingData

/// The candidates of one request in base-ranker order: what a re-ranker arranges.
///
/// Columns are parallel and in *base order*, best first; `positions` leads back to the order in
/// which the candidates were given. A list from a foreign ranker needs only ids and scores.
public struct SlateList: Sendable {
  /// Names the list in errors.
  public let id: String
  /// Item ids. Duplicates are legal; each occurrence is a candidate of its own.
  public let ids: [String]
  /// Finite scores of the base ranker, or `nil` when only the order is known.
  public let scores: [Double]?
  /// The position of each candidate in the input.
  public let positions: [Int]
  /// The distinct categories of this list.
  public let distinctCategories: [String]
  /// Indices into `distinctCategories`; -1 where a candidate has no category.
  public let categoryCodes: [Int32]
  /// The visual vectors that `visualRows` points into.
  public let visuals: VisualTable
  /// Rows of `visuals`; -1 where a candidate has no image.
  public let visualRows: [Int32]
  /// Any other vectors, by which a diversifier compares candidates.
  public let embeddings: VisualTable
  /// Rows of `embeddings`; -1 where a candidate has none.
  public let embeddingRows: [Int32]
  /// What the base ranker knew of each candidate: [count, featureWidth], row-major. NaN where a
  /// value is missing.
  public let features: [Float]
  /// Numbers in a row of `features`; 0 where there are none.
  public let featureWidth: Int
  /// Item features of each candidate by name, for rules; empty when no rule asks.
  public let attributes: [[String: FeatureValue]]
  /// Whether each candidate was clicked, when that was logged.
  public let clicks: [Bool]?
  /// Whether the candidates stand in the order of their scores.
  let isOrderedByScore: Bool

  /// How the base order is found.
  public enum Order: String, Sendable, Hashable, Codable, CaseIterable {
    /// Descending score; equal scores keep the order they were given in. Without scores, as given.
    case score
    /// As given, whatever the scores say: the list comes from a stage that arranges slates.
    case asGiven
  }

  /// Number of candidates.
  public var count: Int { ids.count }

  /// The category of a candidate.
  public func category(_ candidate: Int) -> String? {
    let code = Int(categoryCodes[candidate])
    return code < 0 ? nil : distinctCategories[code]
  }

  /// Some of the candidates, in the order given, which becomes the base order.
  package func selecting(_ candidates: [Int]) -> SlateList { SlateList(candidates, of: self) }

  private init(_ candidates: [Int], of list: SlateList) {
    func select<Value>(_ column: [Value]) -> [Value] {
      column.isEmpty ? [] : candidates.map { column[$0] }
    }
    id = list.id
    ids = select(list.ids)
    scores = list.scores.map(select)
    positions = select(list.positions)
    distinctCategories = list.distinctCategories
    categoryCodes = select(list.categoryCodes)
    visuals = list.visuals
    visualRows = select(list.visualRows)
    embeddings = list.embeddings
    embeddingRows = select(list.embeddingRows)
    let width = list.featureWidth
    featureWidth = width
    features =
      width == 0 ? [] : candidates.flatMap { list.features[$0 * width..<($0 + 1) * width] }
    attributes = select(list.attributes)
    clicks = list.clicks.map(select)
    isOrderedByScore =
      list.isOrderedByScore && zip(candidates, candidates.dropFirst()).allSatisfy { $0 < $1 }
  }

  /// Builds a list from columns in any order.
  ///
  /// - Parameters:
  ///   - scores: One finite score a candidate, or `nil` to take the candidates as they are ordered.
  ///   - categories: One category or `nil` a candidate; empty when none is known.
  ///   - visualRows: Rows of `visuals`, -1 for no image; `nil` looks every id up.
  ///   - embeddings: Other vectors, looked up by id.
  ///   - features: Numbers of each candidate, row after row, for models that read them; NaN is a
  ///     missing value.
  ///   - featureWidth: Numbers a candidate.
  ///   - attributes: Item features of each candidate, for rules; empty when no rule asks.
  ///   - clicks: One flag a candidate, for training and evaluation.
  /// - Throws: `SlateError` when columns differ in length, a score is NaN or infinite, a feature is
  ///   infinite, or a row lies outside the table. Complexity: O(n log n).
  public init(
    id: String, ids: [String], scores: [Double]? = nil, categories: [String?] = [],
    visuals: VisualTable = .empty, visualRows: [Int32]? = nil, embeddings: VisualTable = .empty,
    features: [Float] = [], featureWidth: Int = 0,
    attributes: [[String: FeatureValue]] = [], clicks: [Bool]? = nil, order: Order = .score
  ) throws(SlateError) {
    let count = ids.count
    func check(_ column: String, _ found: Int?) throws(SlateError) {
      guard let found, found != count else { return }
      throw .countMismatch(list: id, column: column, expected: count, found: found)
    }
    try check("scores", scores?.count)
    try check("categories", categories.isEmpty ? nil : categories.count)
    try check("visual rows", visualRows?.count)
    try check("attributes", attributes.isEmpty ? nil : attributes.count)
    try check("clicks", clicks?.count)
    guard featureWidth >= 0, features.count == count * featureWidth else {
      throw .featureWidth(list: id, expected: featureWidth, numbers: features.count)
    }
    if let bad = features.firstIndex(where: { $0.isInfinite }) {
      throw .featureNotFinite(list: id, item: ids[bad / featureWidth])
    }
    if let scores, let bad = scores.firstIndex(where: { !$0.isFinite }) {
      throw .scoreNotFinite(
        list: id, item: ids[bad], position: bad, score: String(describing: scores[bad]))
    }
    if let visualRows,
      let bad = visualRows.firstIndex(where: { $0 < -1 || Int($0) >= visuals.count })
    {
      throw .visualRow(list: id, item: ids[bad], row: visualRows[bad], rows: visuals.count)
    }

    let positions = Self.basePositions(scores, count: count, order: order)
    self.id = id
    self.positions = positions
    self.visuals = visuals
    self.ids = positions.map { ids[$0] }
    self.scores = scores.map { scores in positions.map { scores[$0] } }
    self.clicks = clicks.map { clicks in positions.map { clicks[$0] } }
    self.featureWidth = featureWidth
    self.features = positions.flatMap { features[$0 * featureWidth..<($0 + 1) * featureWidth] }
    self.attributes = attributes.isEmpty ? [] : positions.map { attributes[$0] }
    self.visualRows = positions.map { visualRows?[$0] ?? visuals.row(of: ids[$0]) }
    self.embeddings = embeddings
    embeddingRows =
      embeddings.count == 0
      ? [Int32](repeating: -1, count: count) : self.ids.map { embeddings.row(of: $0) }
    isOrderedByScore = scores != nil && order == .score

    var distinct = ItemTable()
    categoryCodes =
      categories.isEmpty
      ? [Int32](repeating: -1, count: count)
      : positions.map { position in categories[position].map { distinct.insert($0) } ?? -1 }
    distinctCategories = distinct.ids
  }

  private static func basePositions(_ scores: [Double]?, count: Int, order: Order) -> [Int] {
    guard order == .score, let scores else { return Array(0..<count) }
    // What a ranker wrote is sorted already, which is cheaper to see than to sort again.
    if zip(scores, scores.dropFirst()).allSatisfy({ $0 >= $1 }) { return Array(0..<count) }
    return (0..<count).sorted { a, b in
      scores[a] > scores[b] || (scores[a] == scores[b] && a < b)
    }
  }
}
