import RankingData

/// The shape of a `Seq2Slate` model; saved beside its weights.
public struct Seq2SlateConfiguration: CandidateInputs, Codable, Sendable, Hashable {
  /// Numbers known of every candidate beside its score, in the order of `SlateList.features`.
  public var features: [CandidateFeature]
  /// Categories with a learned embedding, row 1 first; any other category shares row 0. Empty
  /// leaves categories out.
  public var categories: [String]
  /// Width of a category embedding.
  public var categoryWidth: Int
  /// Width of the visual vectors; 0 leaves images out.
  public var visualInputs: Int
  /// Width that visual vectors are projected to.
  public var visualWidth: Int
  /// Width of a candidate after the input projection.
  public var width: Int
  /// Cells of the encoder and of the decoder.
  public var cells: Int
  /// Whether scores see how near a candidate lies to those chosen before it: in the direction of its
  /// image, its category and its features, as far as the model reads them. Our extension of the paper;
  /// without any of the three it changes nothing.
  public var novelty: Bool
  /// Whether candidates bring how much of what stands above them in base order they repeat, by
  /// features and category. Our extension, too: it tells the encoder what novelty tells the decoder.
  public var redundancy: Bool
  /// The share of a candidate's projection and of its encoding that a training step leaves out; lists
  /// are often few.
  public var dropout: Double

  /// The defaults are those of the published model where it names any (128 cells).
  public init(
    features: [CandidateFeature] = [], categories: [String] = [], categoryWidth: Int = 8,
    visualInputs: Int = 0,
    visualWidth: Int = 32, width: Int = 64, cells: Int = 128, novelty: Bool = false,
    redundancy: Bool = false, dropout: Double = 0
  ) {
    self.features = features
    self.categories = categories
    self.categoryWidth = categoryWidth
    self.visualInputs = visualInputs
    self.visualWidth = visualWidth
    self.width = width
    self.cells = cells
    self.novelty = novelty
    self.redundancy = redundancy
    self.dropout = dropout
  }

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    try validateInputs()
    try Self.check("width", width, 1...4096)
    try Self.check("cells", cells, 1...4096)
    guard dropout >= 0, dropout < 1 else {
      throw .configuration(
        field: "dropout", value: "\(dropout)", rule: "it must be at least 0 and below 1")
    }
  }

  /// Every key that a configuration sets; what the model reads follows from the data.
  public static let keys = [
    CodingKeys.categoryWidth, .visualWidth, .width, .cells, .novelty, .redundancy, .dropout,
  ].map(\.rawValue)

  enum CodingKeys: String, CodingKey {
    case features, categories
    case categoryWidth = "category_width"
    case visualInputs = "visual_inputs"
    case visualWidth = "visual_width"
    case width, cells, novelty, redundancy, dropout
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
    try container.update(&cells, .cells)
    try container.update(&novelty, .novelty)
    try container.update(&redundancy, .redundancy)
    try container.update(&dropout, .dropout)
  }
}
