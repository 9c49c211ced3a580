/// The shape of a `Seq2Slate` model; saved beside its weights.
public struct Seq2SlateConfiguration: Codable, Sendable, Hashable {
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

  /// The defaults are those of the published model where it names any (128 cells).
  public init(
    features: [CandidateFeature] = [], categories: [String] = [], categoryWidth: Int = 8,
    visualInputs: Int = 0,
    visualWidth: Int = 32, width: Int = 64, cells: Int = 128
  ) {
    self.features = features
    self.categories = categories
    self.categoryWidth = categoryWidth
    self.visualInputs = visualInputs
    self.visualWidth = visualWidth
    self.width = width
    self.cells = cells
  }

  /// Standardised score, reciprocal rank, has-image flag, then the features.
  var numericWidth: Int { 3 + features.count }

  /// Numbers that describe one candidate before the input projection.
  var featureWidth: Int {
    numericWidth + (categories.isEmpty ? 0 : categoryWidth)
      + (visualInputs == 0 ? 0 : visualWidth)
  }

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    func check(_ field: String, _ value: Int, _ range: ClosedRange<Int>) throws(SlateError) {
      if !range.contains(value) {
        throw .configuration(
          field: field, value: String(value),
          rule: "it must lie in \(range.lowerBound)...\(range.upperBound)")
      }
    }
    try check("category_width", categoryWidth, 1...1024)
    try check("visual_inputs", visualInputs, 0...65_536)
    try check("visual_width", visualWidth, 1...4096)
    try check("width", width, 1...4096)
    try check("cells", cells, 1...4096)
    try check("categories", categories.count, 0...10_000_000)
    try check("features", features.count, 0...65_536)
    for feature in features where !(feature.mean.isFinite && feature.deviation.isFinite) {
      throw .configuration(
        field: "features", value: feature.name, rule: "its mean and deviation must be finite")
    }
    if Set(categories).count != categories.count {
      throw .configuration(
        field: "categories", value: "a list with repetitions", rule: "each name must occur once")
    }
  }

  enum CodingKeys: String, CodingKey {
    case features, categories
    case categoryWidth = "category_width"
    case visualInputs = "visual_inputs"
    case visualWidth = "visual_width"
    case width, cells
  }

  /// Every missing field takes its default.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
      value = try container.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    try read(.features, &features)
    try read(.categories, &categories)
    try read(.categoryWidth, &categoryWidth)
    try read(.visualInputs, &visualInputs)
    try read(.visualWidth, &visualWidth)
    try read(.width, &width)
    try read(.cells, &cells)
  }
}
