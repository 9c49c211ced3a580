public import RankingData

/// What a ranker reads: the fields of a schema with their vocabulary sizes, and the visual vectors.
public struct RankerInput: Sendable, Hashable, Codable {
  /// The visual vectors that a ranker was trained on.
  public struct Visual: Sendable, Hashable, Codable {
    /// Numbers in a vector.
    public var width: Int
    /// The encoder and preprocessing that made the vectors, as a feature cache names them. Vectors
    /// of another version mean something else, however well their width fits.
    public var version: String

    /// Creates a description.
    public init(width: Int, version: String) {
      self.width = width
      self.version = version
    }
  }

  /// Fields and vocabularies.
  public var layout: FeatureLayout
  /// Needed where the layout has visual features.
  public var visual: Visual?

  /// Creates an input description.
  public init(layout: FeatureLayout, visual: Visual? = nil) {
    self.layout = layout
    self.visual = visual
  }

  /// Whether the candidate's image is read.
  package var readsImages: Bool { layout.visual && visual != nil }
  /// Whether the images of the user's history are read.
  package var readsImageHistory: Bool { readsImages && layout.visualHistory }

  /// Throws `RankerError` where images are asked for without a description of them, and where the fields
  /// have more ids than one table can number: most rankers lay all vocabularies end to end.
  package func validate() throws(RankerError) {
    if layout.visual && visual == nil { throw .missingVisualInput }
    if let visual { try check("visual.width", visual.width, 1...65_536) }
    var total = 0
    for field in layout.categorical + layout.bags {
      try check("\(field.name) (rows)", field.rows, 0...Int(Int32.max))
      total += field.rows
    }
    guard total <= Int(Int32.max) else {
      throw .configuration(
        key: "schema", value: "\(total) ids in all fields together",
        reason:
          "a ranker numbers them in one table of at most \(Int32.max): give fields with 'hash' "
          + "fewer rows")
    }
  }
}
