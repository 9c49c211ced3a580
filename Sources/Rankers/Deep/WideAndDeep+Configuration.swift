import NeuralNetworks
import RankingData

extension WideAndDeep {
  /// What a user chooses about a Wide & Deep.
  public struct Configuration: RankerConfiguration {
    /// The ranker this configures.
    public typealias Model = WideAndDeep
    /// See `RankerConfiguration`.
    public static let kind = "wide_and_deep"
    /// See `RankerConfiguration`.
    public static let keys = CodingKeys.allCases.map(\.rawValue)

    /// Fields of the wide part; nil for all categorical ones, buckets and crosses included.
    public var wide: [String]?
    /// How the wide part is trained.
    public var ftrl = WideTraining()
    /// Numbers in the vector of an id, and in the projection of an image.
    public var width = 32
    /// Units of the hidden layers of the deep part.
    public var hidden = [1024, 512, 256]
    /// Share of hidden units left out in each training step.
    public var dropout = 0.0
    /// Standard deviation of the first vectors.
    public var embeddingScale = 0.05

    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "Wide & Deep",
        paper: "Cheng et al., Wide & deep learning for recommender systems, DLRS 2016",
        reads:
          "Wide: a weight for each id and each cross, by FTRL with L1. Deep: a vector for each "
          + "id, the mean of a list's, numbers as they are, a projection of each image, through "
          + "dense layers, by Adagrad.",
        example: """
          schema:
            label: click
            categorical: [user, item, category, device]
            multi_valued: [history]
            crosses: [{fields: [category, device], minimum_count: 10}]
          model: {kind: wide_and_deep, width: 32, hidden: [1024, 512, 256], ftrl: {l1: 0.01}}
          training: {epochs: 10, batch_size: 512}

          """)
    }

    /// Adagrad, for all but the wide part.
    public var usualTraining: RankerTraining {
      var plan = RankerTraining()
      plan.optimizer = .adagrad
      plan.learningRate = 0.01
      return plan
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
      case wide, ftrl, width, hidden, dropout
      case embeddingScale = "embedding_scale"
    }

    /// The defaults.
    public init() {}

    /// Decodes any subset of the keys; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try container.update(&wide, .wide)
      try container.update(&ftrl, .ftrl)
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
      try ftrl.validate()
    }
  }

  /// How FTRL trains the wide part: `ftrl: {learning_rate: 0.1, beta: 1, l1: 0.01, l2: 0}`.
  public struct WideTraining: Sendable, Hashable, Codable {
    /// α.
    public var learningRate = 0.1
    /// β, which holds the first steps back.
    public var beta = 1.0
    /// λ₁: weights whose gradients never add up to more are exactly 0. A row adds at most 1 over the
    /// rows of its batch.
    public var l1 = 0.01
    /// λ₂: how strongly weights are drawn to 0.
    public var l2 = 0.0

    enum CodingKeys: String, CodingKey, CaseIterable {
      case learningRate = "learning_rate"
      case beta, l1, l2
    }

    /// The defaults.
    public init() {}

    /// Decodes any subset of the keys; the others keep their defaults.
    ///
    /// - Throws: `RankerError` for an unknown key.
    public init(from decoder: any Decoder) throws {
      try refuseUnknownKeys(in: decoder, known: CodingKeys.allCases.map(\.rawValue), of: "ftrl")
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try container.update(&learningRate, .learningRate)
      try container.update(&beta, .beta)
      try container.update(&l1, .l1)
      try container.update(&l2, .l2)
    }

    func validate() throws(RankerError) {
      try check("ftrl.learning_rate", learningRate, 1e-12...100)
      try check("ftrl.beta", beta, 1e-6...1e6)
      try check("ftrl.l1", l1, 0...1e9)
      try check("ftrl.l2", l2, 0...1e9)
    }

    var penalties: FTRL.Penalties { FTRL.Penalties(beta: beta, l1: l1, l2: l2) }
  }
}
