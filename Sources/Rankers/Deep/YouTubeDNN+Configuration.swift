import RankingData

extension YouTubeDNN {
  /// What a user chooses about YouTube's ranking network.
  public struct Configuration: RankerConfiguration {
    /// The ranker this configures.
    public typealias Model = YouTubeDNN
    /// See `RankerConfiguration`.
    public static let kind = "youtube_dnn"
    /// See `RankerConfiguration`.
    public static let keys = CodingKeys.allCases.map(\.rawValue)

    /// Numbers in the vector of an id, and in the projection of an image.
    public var width = 32
    /// Units of the hidden layers; the first is best about as wide as its input.
    public var hidden = [1024, 512, 256]
    /// Share of hidden units left out in each training step.
    public var dropout = 0.0
    /// Standard deviation of the first vectors.
    public var embeddingScale = 0.05

    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "YouTube's ranking network",
        paper: "Covington, Adams and Sargin, Deep neural networks for YouTube recommendations, "
          + "RecSys 2016",
        reads:
          "The candidate, the mean of the history and its last item from one table of vectors, "
          + "other ids and lists, numbers (quantiles with powers), images. Positives count as often "
          + "as the schema's weight says, such as the seconds watched, and scores are shown as the "
          + "weight to expect.",
        example: """
          model: {kind: youtube_dnn, width: 32, hidden: [1024, 512, 256]}
          training: {loss: weighted_logistic, epochs: 10, batch_size: 512}

          """)
    }

    /// Weighted logistic regression.
    public var usualTraining: RankerTraining {
      var plan = RankerTraining()
      plan.loss = RankingLossSpecification(WeightedLogisticLoss())
      return plan
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
      case width, hidden, dropout
      case embeddingScale = "embedding_scale"
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
    }

    /// See `RankerConfiguration`.
    public func validate() throws(RankerError) {
      try check("width", width, 1...4096)
      for units in hidden { try check("hidden", units, 1...65_536) }
      try check("dropout", dropout, 0...0.95)
      try check("embedding_scale", embeddingScale, 0...10)
    }
  }
}
