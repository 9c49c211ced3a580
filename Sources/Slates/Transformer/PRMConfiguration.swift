import RankingData

/// The shape of a `PRM` model; saved beside its weights.
public struct PRMConfiguration: CandidateInputs, Codable, Sendable, Hashable {
  /// Numbers known of every candidate beside its score, in the order of `SlateList.features`.
  public var features: [CandidateFeature] = []
  /// Categories with a learned embedding, row 1 first; any other category shares row 0. Empty
  /// leaves categories out.
  public var categories: [String] = []
  /// Width of a category embedding.
  public var categoryWidth = 8
  /// Width of the visual vectors; 0 leaves images out.
  public var visualInputs = 0
  /// Width that visual vectors are projected to.
  public var visualWidth = 32
  /// Width of a candidate inside the model; a multiple of `heads`.
  public var width = 64
  /// Heads of the attention.
  public var heads = 4
  /// Blocks of attention and feed-forward layer.
  public var blocks = 2
  /// Units of the feed-forward layers.
  public var feedForward = 128
  /// Ranks with a learned embedding of their own; later ones share the last.
  public var positions = 100
  /// Share of the units that training drops.
  public var dropout = 0.1

  /// The defaults.
  public init() {}

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    try validateInputs()
    try Self.check("width", width, 1...4096)
    try Self.check("heads", heads, 1...256)
    try Self.check("blocks", blocks, 1...64)
    try Self.check("feed_forward", feedForward, 1...65_536)
    try Self.check("positions", positions, 1...65_536)
    guard width.isMultiple(of: heads) else {
      throw .configuration(
        field: "heads", value: "\(heads)", rule: "it must divide the width, \(width)")
    }
    guard dropout >= 0, dropout < 1 else {
      throw .configuration(
        field: "dropout", value: "\(dropout)", rule: "it must be at least 0 and below 1")
    }
  }

  /// Every key that a configuration sets; what the model reads follows from the data.
  public static let keys = [
    CodingKeys.categoryWidth, .visualWidth, .width, .heads, .blocks, .feedForward, .positions,
    .dropout,
  ].map(\.rawValue)

  enum CodingKeys: String, CodingKey {
    case features, categories, width, heads, blocks, positions, dropout
    case categoryWidth = "category_width"
    case visualInputs = "visual_inputs"
    case visualWidth = "visual_width"
    case feedForward = "feed_forward"
  }

  /// Every missing field takes its default.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try container.update(&features, .features)
    try container.update(&categories, .categories)
    try container.update(&categoryWidth, .categoryWidth)
    try container.update(&visualInputs, .visualInputs)
    try container.update(&visualWidth, .visualWidth)
    try container.update(&width, .width)
    try container.update(&heads, .heads)
    try container.update(&blocks, .blocks)
    try container.update(&feedForward, .feedForward)
    try container.update(&positions, .positions)
    try container.update(&dropout, .dropout)
  }
}
