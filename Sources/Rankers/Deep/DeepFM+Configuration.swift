import RankingData

extension DeepFM {
  /// What a user chooses about a DeepFM.
  public struct Configuration: RankerConfiguration {
    /// The ranker this configures.
    public typealias Model = DeepFM
    /// See `RankerConfiguration`.
    public static let kind = "deepfm"
    /// See `RankerConfiguration`.
    public static let keys = CodingKeys.allCases.map(\.rawValue)

    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "DeepFM",
        paper: "Guo et al., DeepFM: a factorization-machine based neural network for CTR "
          + "prediction, IJCAI 2017",
        reads: "A weight and a vector for each id and number, the mean of a list's, a "
          + "projection of each image: all pairs of fields, and dense layers over the same "
          + "vectors.",
        example: """
          model: {kind: deepfm, width: 16, hidden: [400, 400, 400], dropout: 0.2}
          training: {epochs: 10, batch_size: 512, learning_rate: 0.001}

          """)
    }

    /// Numbers in the vector of a field.
    public var width = 16
    /// Units of the hidden layers of the deep part; empty for a factorization machine with a linear
    /// read-out.
    public var hidden = [400, 400, 400]
    /// Share of hidden units left out in each training step.
    public var dropout = 0.0
    /// Standard deviation of the first vectors.
    public var embeddingScale = 0.01
    /// λ of the penalty `λ/2 · Σ v²` on the vectors of a row's fields, averaged over rows.
    public var l2 = 0.0

    enum CodingKeys: String, CodingKey, CaseIterable {
      case width, hidden, dropout
      case embeddingScale = "embedding_scale"
      case l2
    }

    /// The defaults.
    public init() {}

    /// Decodes any subset of the keys; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try container.update(&width, .width)
      try container.update(&hidden, .hidden)
      try container.update(&dropout, .dropout)
      try container.update(&embeddingScale, .embeddingScale)
      try container.update(&l2, .l2)
    }

    /// See `RankerConfiguration`.
    public func validate() throws(RankerError) {
      try check("width", width, 1...4096)
      for units in hidden { try check("hidden", units, 1...65_536) }
      try check("dropout", dropout, 0...0.95)
      try check("embedding_scale", embeddingScale, 0...10)
      try check("l2", l2, 0...1000)
    }
  }
}
