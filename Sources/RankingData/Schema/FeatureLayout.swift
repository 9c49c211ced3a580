/// The shape of the batches a schema and its vocabularies produce: all that a ranker needs to know
/// to size its parameters.
public struct FeatureLayout: Sendable, Hashable, Codable {
  /// A field of vocabulary rows.
  public struct Field: Sendable, Hashable, Codable {
    /// Column name.
    public var name: String
    /// Rows of the vocabulary, the unknown row 0 included.
    public var rows: Int

    /// Creates a field.
    public init(name: String, rows: Int) {
      self.name = name
      self.rows = rows
    }
  }

  /// Categorical fields, in the order of `RankingBatch.categorical`: the schema's, then buckets, then
  /// crosses.
  public var categorical: [Field]
  /// Multi-valued fields, in the order of `RankingBatch.bags`.
  public var bags: [Field]
  /// Positions in `bags` of the fields with ages.
  public var agedBags: [Int]
  /// Position in `bags` of the user's history, if the schema has one.
  public var historyBag: Int?
  /// Position in `categorical` of the item field. Its vocabulary is the history's.
  public var itemField: Int?
  /// Columns of `RankingBatch.numeric`: scaled numbers, missing-value indicators, and counters.
  public var numeric: [String]
  /// Whether `RankingBatch.visualRows` is filled.
  public var visual: Bool
  /// Whether `RankingBatch.visualHistory` is filled.
  public var visualHistory: Bool

  enum CodingKeys: String, CodingKey {
    case categorical, bags, numeric, visual
    case agedBags = "aged_bags"
    case historyBag = "history_bag"
    case itemField = "item_field"
    case visualHistory = "visual_history"
  }

  /// Creates a layout.
  public init(
    categorical: [Field] = [], bags: [Field] = [], agedBags: [Int] = [],
    historyBag: Int? = nil, itemField: Int? = nil, numeric: [String] = [], visual: Bool = false,
    visualHistory: Bool = false
  ) {
    self.categorical = categorical
    self.bags = bags
    self.agedBags = agedBags
    self.historyBag = historyBag
    self.itemField = itemField
    self.numeric = numeric
    self.visual = visual
    self.visualHistory = visualHistory
  }

  /// Columns of `RankingBatch.numeric`.
  public var numericWidth: Int { numeric.count }
}

extension FeatureLayout {
  /// Decodes a layout; one that an earlier version wrote has no ages.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      categorical: try container.decode([Field].self, forKey: .categorical),
      bags: try container.decode([Field].self, forKey: .bags),
      agedBags: try container.decodeIfPresent([Int].self, forKey: .agedBags) ?? [],
      historyBag: try container.decodeIfPresent(Int.self, forKey: .historyBag),
      itemField: try container.decodeIfPresent(Int.self, forKey: .itemField),
      numeric: try container.decode([String].self, forKey: .numeric),
      visual: try container.decode(Bool.self, forKey: .visual),
      visualHistory: try container.decode(Bool.self, forKey: .visualHistory))
  }
}
