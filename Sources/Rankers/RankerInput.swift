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
}
