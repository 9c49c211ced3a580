public import Images

/// Everything that decides an encoder's features, apart from its weights.
public struct EncoderConfiguration: Sendable, Codable, Equatable {
  /// The arithmetic of the network.
  public enum Precision: String, Sendable, Codable, CaseIterable {
    /// 32-bit floating point.
    case fp32
    /// `bfloat16` products, 32-bit sums.
    case bf16
    /// Bytes, calibrated on a sample of images.
    case int8
  }

  /// The backbone.
  public var architecture: Architecture
  /// The gates in its blocks.
  public var attention: Attention
  /// The names of rows 1, 2, … of the category codes; row 0 stands for every other category.
  public var categories: [String]
  /// Channels of pooled input for each hidden unit of the channel gate; at least one unit stays.
  public var gateReduction: Int
  /// Numbers in a category's channel code.
  public var channelCodeWidth: Int
  /// Height and width of a category's spatial code, stretched to each block's size.
  public var spatialCodeSide: Int
  /// What the network sees of an image.
  public var preprocessing: Preprocessing
  /// The arithmetic of the network.
  public var precision: Precision

  /// - Parameter categories: Only for `Attention.category`; distinct and not empty.
  public init(
    architecture: Architecture, attention: Attention = .none, categories: [String] = [],
    preprocessing: Preprocessing = Preprocessing(), gateReduction: Int = 16,
    channelCodeWidth: Int = 20, spatialCodeSide: Int = 6
  ) {
    self.architecture = architecture
    self.attention = attention
    self.categories = categories
    self.preprocessing = preprocessing
    self.gateReduction = gateReduction
    self.channelCodeWidth = channelCodeWidth
    self.spatialCodeSide = spatialCodeSide
    precision = .fp32
  }

  /// Numbers per image.
  public var featureWidth: Int { architecture.featureWidth }

  /// Rows of the category codes.
  var categoryRows: Int { categories.count + 1 }

  func hiddenUnits(channels: Int) -> Int { max(1, channels / gateReduction) }

  /// Throws where no network can be built.
  func validate(path: String) throws(VisualEncoderError) {
    func refuse(_ reason: String) throws(VisualEncoderError) {
      throw VisualEncoderError(.invalidConfiguration, path: path, reason: reason)
    }
    if attention == .category {
      if categories.isEmpty {
        try refuse("category attention needs at least one category; give --categories FILE")
      }
    } else if !categories.isEmpty {
      try refuse("categories only serve --attention category, not \(attention.rawValue)")
    }
    let limit = 1 << 16
    if categories.count > limit { try refuse("\(categories.count) categories; at most \(limit)") }
    var seen: Set<String> = []
    for category in categories where !seen.insert(category).inserted {
      try refuse("category \"\(category)\" is listed twice")
    }
    if categories.contains(where: \.isEmpty) { try refuse("a category without a name") }
    for (name, value) in [
      ("gate_reduction", gateReduction), ("channel_code_width", channelCodeWidth),
      ("spatial_code_side", spatialCodeSide),
    ] where !(1...1024).contains(value) {
      try refuse("\(name) is \(value); it must be within 1...1024")
    }
    if preprocessing.crop < 32 {
      try refuse("a crop of \(preprocessing.crop) pixels; five halvings need at least 32")
    }
  }

  private enum CodingKeys: String, CodingKey {
    case architecture, attention, categories, preprocessing, precision
    case gateReduction = "gate_reduction"
    case channelCodeWidth = "channel_code_width"
    case spatialCodeSide = "spatial_code_side"
  }
}
