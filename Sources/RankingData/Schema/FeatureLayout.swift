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

  /// What every event of the user's history was in another respect than its id: its category, say.
  public struct HistoryAttribute: Sendable, Hashable, Codable {
    /// Position in `bags`: one value for each item of the history, in its order.
    public var bag: Int
    /// Position in `categorical` of the candidate's own value, whose vocabulary is shared.
    public var field: Int

    /// Creates an attribute.
    public init(bag: Int, field: Int) {
      self.bag = bag
      self.field = field
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
  /// What is known of the history's items beside their ids.
  public var historyAttributes: [HistoryAttribute]
  /// Columns of `RankingBatch.numeric`: scaled numbers, missing-value indicators, and counters.
  public var numeric: [String]
  /// Whether `RankingBatch.visualRows` is filled.
  public var visual: Bool
  /// Whether `RankingBatch.visualHistory` is filled.
  public var visualHistory: Bool
  /// Name of the label, which is a task like the others.
  public var label: String
  /// Names of the tasks beside the label, in the order of `RankingBatch.taskLabels`.
  public var tasks: [String]

  enum CodingKeys: String, CodingKey {
    case categorical, bags, numeric, visual, label, tasks
    case agedBags = "aged_bags"
    case historyBag = "history_bag"
    case itemField = "item_field"
    case historyAttributes = "history_attributes"
    case visualHistory = "visual_history"
  }

  /// Creates a layout.
  public init(
    categorical: [Field] = [], bags: [Field] = [], agedBags: [Int] = [],
    historyBag: Int? = nil, itemField: Int? = nil, historyAttributes: [HistoryAttribute] = [],
    numeric: [String] = [], visual: Bool = false, visualHistory: Bool = false,
    label: String = "label", tasks: [String] = []
  ) {
    self.categorical = categorical
    self.bags = bags
    self.agedBags = agedBags
    self.historyBag = historyBag
    self.itemField = itemField
    self.historyAttributes = historyAttributes
    self.numeric = numeric
    self.visual = visual
    self.visualHistory = visualHistory
    self.label = label
    self.tasks = tasks
  }

  /// Columns of `RankingBatch.numeric`.
  public var numericWidth: Int { numeric.count }
}

extension FeatureLayout {
  /// Decodes a layout; one that an earlier version wrote has no ages, attributes and tasks.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      categorical: try container.decode([Field].self, forKey: .categorical),
      bags: try container.decode([Field].self, forKey: .bags),
      agedBags: try container.decodeIfPresent([Int].self, forKey: .agedBags) ?? [],
      historyBag: try container.decodeIfPresent(Int.self, forKey: .historyBag),
      itemField: try container.decodeIfPresent(Int.self, forKey: .itemField),
      historyAttributes: try container.decodeIfPresent(
        [HistoryAttribute].self, forKey: .historyAttributes) ?? [],
      numeric: try container.decode([String].self, forKey: .numeric),
      visual: try container.decode(Bool.self, forKey: .visual),
      visualHistory: try container.decode(Bool.self, forKey: .visualHistory),
      label: try container.decodeIfPresent(String.self, forKey: .label) ?? "label",
      tasks: try container.decodeIfPresent([String].self, forKey: .tasks) ?? [])
  }
}
