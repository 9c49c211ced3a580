public import NeuralNetworks
import RankingData

extension DIN {
  /// What a user chooses about a Deep Interest Network. The sizes are those of the authors' code, not
  /// of the larger network that they ran in production; no softmax, and Dice, are the paper's.
  public struct Configuration: RankerConfiguration {
    /// The ranker this configures.
    public typealias Model = DIN
    /// See `RankerConfiguration`.
    public static let kind = "din"
    /// See `RankerConfiguration`.
    public static let keys = CodingKeys.allCases.map(\.rawValue)

    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "Deep Interest Network",
        paper: "Zhou et al., Deep interest network for click-through rate prediction, KDD 2018",
        reads: "A vector for each id, a projection of each image: the history summed by how much "
          + "each event matters to the candidate, and dense layers over the sum, the candidate and "
          + "everything else. Needs the user's history.",
        example: """
          model: {kind: din, width: 32, normalize: none, regularization: {lambda: 0.01}}
          training: {epochs: 10, batch_size: 512, learning_rate: 0.001}

          """)
    }

    /// Numbers in the vector of an id, and in the projection of an image.
    public var width = 64
    /// Units of the hidden layers of the attention unit.
    public var attentionHidden = [80, 40]
    /// What their units make of their sums.
    public var attentionActivation = Activation.sigmoid
    /// How the weights of a history are scaled: not at all in the paper; in the authors' code by a
    /// softmax of the scores over the root of their vectors' width.
    public var normalize = AttentionNormalization.none
    /// Units of the hidden layers behind the attention.
    public var hidden = [80, 40]
    /// What their units make of their sums.
    public var activation = Activation.dice
    /// What brings the inputs of those layers to a common scale. The authors' code has a batch
    /// normalisation there, but never moves its statistics, which leaves nothing of it.
    public var normalization = HiddenNormalization.none
    /// Share of hidden units left out in each training step.
    public var dropout = 0.0
    /// Whether every item has a bias of its own.
    public var itemBias = true
    /// Standard deviation of the first vectors.
    public var embeddingScale = 0.05
    /// The penalty on the vectors of ids that a batch reads, or nil for none.
    public var regularization: Regularization?

    /// Mini-batch aware regularisation: in a step, λ times the vectors present, each divided by how
    /// often its id occurs in the training rows. It covers the ids of every field, those in the history
    /// and its attributes included; biases, the items' too, are left free.
    public struct Regularization: Codable, Sendable, Hashable {
      /// λ
      public var lambda = 0.01

      /// The paper's.
      public init() {}

      /// Decodes `lambda`, if it is there.
      public init(from decoder: any Decoder) throws {
        try refuseUnknownKeys(in: decoder, known: ["lambda"], of: "regularization")
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try container.update(&lambda, .lambda)
      }
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
      case width
      case attentionHidden = "attention_hidden"
      case attentionActivation = "attention_activation"
      case normalize, hidden, activation, normalization, dropout
      case itemBias = "item_bias"
      case embeddingScale = "embedding_scale"
      case regularization
    }

    /// The defaults.
    public init() {}

    /// Decodes any subset of the keys; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try container.update(&width, .width)
      try container.update(&attentionHidden, .attentionHidden)
      try container.update(&attentionActivation, .attentionActivation)
      try container.update(&normalize, .normalize)
      try container.update(&hidden, .hidden)
      try container.update(&activation, .activation)
      try container.update(&normalization, .normalization)
      try container.update(&dropout, .dropout)
      try container.update(&itemBias, .itemBias)
      try container.update(&embeddingScale, .embeddingScale)
      try container.update(&regularization, .regularization)
    }

    /// See `RankerConfiguration`.
    public func validate() throws(RankerError) {
      try check("width", width, 1...4096)
      for units in attentionHidden { try check("attention_hidden", units, 1...65_536) }
      for units in hidden { try check("hidden", units, 1...65_536) }
      try check("dropout", dropout, 0...0.95)
      try check("embedding_scale", embeddingScale, 0...10)
      if let regularization {
        try check("regularization.lambda", regularization.lambda, 0...1000)
      }
    }
  }
}
