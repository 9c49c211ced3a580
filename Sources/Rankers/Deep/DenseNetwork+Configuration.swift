public import NeuralNetworks
import RankingData

extension DenseNetwork {
  /// What a user chooses about a multilayer perceptron.
  public struct Configuration: RankerConfiguration {
    /// The ranker this configures.
    public typealias Model = DenseNetwork
    /// See `RankerConfiguration`.
    public static let kind = "mlp"
    /// See `RankerConfiguration`.
    public static let keys = CodingKeys.allCases.map(\.rawValue)

    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "Multilayer perceptron",
        paper: "Covington, Adams and Sargin, Deep neural networks for YouTube recommendations, "
          + "RecSys 2016",
        reads: "A vector for each id, the mean of a list's, numbers as they are, a projection "
          + "of each image, side by side through dense layers.",
        example: """
          model: {kind: mlp, width: 16, hidden: [256, 128], dropout: 0.2}
          training: {epochs: 10, batch_size: 512, learning_rate: 0.001}

          """)
    }

    /// Numbers in the vector of an id, and in the projection of an image.
    public var width = 16
    /// Units of the hidden layers; empty for a linear model over the vectors.
    public var hidden = [256, 128]
    /// What a hidden unit makes of its sum.
    public var activation = Activation.relu
    /// What brings the sums of a hidden layer to a common scale.
    public var normalization = HiddenNormalization.none
    /// Share of hidden units left out in each training step.
    public var dropout = 0.0
    /// Standard deviation of the first vectors.
    public var embeddingScale = 0.05
    /// λ of the penalty `λ/2 · Σ v²` on the vectors of a row's fields, averaged over rows.
    public var l2 = 0.0

    enum CodingKeys: String, CodingKey, CaseIterable {
      case width, hidden, activation, normalization, dropout
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
      try container.update(&activation, .activation)
      try container.update(&normalization, .normalization)
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
