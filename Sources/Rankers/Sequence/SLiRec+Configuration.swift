import RankingData

extension SLiRec {
  /// What a user chooses about SLi-Rec.
  public struct Configuration: RankerConfiguration {
    /// The ranker this configures.
    public typealias Model = SLiRec
    /// See `RankerConfiguration`.
    public static let kind = "sli_rec"
    /// See `RankerConfiguration`.
    public static let keys = CodingKeys.allCases.map(\.rawValue)
    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "SLi-Rec: short-term and long-term interests",
        paper: "Yu et al., Adaptive user modeling with long and short-term preferences for "
          + "personalized recommendation, IJCAI 2019",
        reads:
          "The history in order with the time of each event, by a Time-LSTM and by an average, "
          + "mixed for each candidate; item, attributes and image of each event.",
        example: """
          model: {kind: sli_rec, width: 18, fusion: adaptive}
          schema:
            label: click
            categorical: [item, category]
            multi_valued: [{name: history, ages: true}, history.category]
          training: {epochs: 10, batch_size: 128, learning_rate: 0.001}

          """)
    }

    /// How long-term and short-term interests are mixed: `alpha * long + (1 - alpha) * short`.
    public enum Fusion: Sendable, Hashable {
      /// By a network, for each row.
      case adaptive
      /// By a constant α; the authors' ablation has 0.2.
      case fixed(Double)
    }

    /// Numbers in the vector of an id, and in the projection of an image. The width of the states
    /// follows from it: long-term and short-term interests live in the space of the candidate.
    public var width = 18
    /// Units in which the long-term part judges events.
    public var longTermUnits = 36
    /// Units of the network that scores a state for a candidate.
    public var attentionHidden = [80, 40]
    /// How the two interests are mixed.
    public var fusion = Fusion.adaptive
    /// Units of the network that mixes them.
    public var fusionHidden = [80, 40]
    /// Units of the hidden layers of the head.
    public var hidden = [200, 80]
    /// Share of the head's hidden units left out in each training step.
    public var dropout = 0.0
    /// Standard deviation of the first vectors.
    public var embeddingScale = 0.05
    /// λ of the penalty `λ/2 · Σ v²` on the vectors looked up, averaged over rows.
    public var l2 = 0.0

    enum CodingKeys: String, CodingKey, CaseIterable {
      case width
      case longTermUnits = "long_term_units"
      case attentionHidden = "attention_hidden"
      case fusion
      case fusionHidden = "fusion_hidden"
      case hidden, dropout
      case embeddingScale = "embedding_scale"
      case l2
    }

    /// The defaults, which are the authors'.
    public init() {}

    /// Decodes any subset of the keys; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try container.update(&width, .width)
      try container.update(&longTermUnits, .longTermUnits)
      try container.update(&attentionHidden, .attentionHidden)
      try container.update(&fusion, .fusion)
      try container.update(&fusionHidden, .fusionHidden)
      try container.update(&hidden, .hidden)
      try container.update(&dropout, .dropout)
      try container.update(&embeddingScale, .embeddingScale)
      try container.update(&l2, .l2)
    }

    /// See `RankerConfiguration`.
    public func validate() throws(RankerError) {
      try check("width", width, 1...4096)
      try check("long_term_units", longTermUnits, 1...65_536)
      for units in attentionHidden { try check("attention_hidden", units, 1...65_536) }
      if case .fixed(let share) = fusion { try check("fusion", share, 0...1) }
      for units in fusionHidden { try check("fusion_hidden", units, 1...65_536) }
      for units in hidden { try check("hidden", units, 1...65_536) }
      try check("dropout", dropout, 0...0.95)
      try check("embedding_scale", embeddingScale, 0...10)
      try check("l2", l2, 0...1000)
    }

    /// Adam at 0.001, 128 rows a step, ten epochs, judged by AUC.
    public var usualTraining: RankerTraining {
      var training = RankerTraining()
      training.batchSize = 128
      training.monitor = .auc
      return training
    }
  }
}

extension SLiRec.Configuration.Fusion: Codable {
  private static let adaptiveName = "adaptive"

  /// `adaptive`, or a number in 0 ... 1.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let share = try? container.decode(Double.self) {
      self = .fixed(share)
      return
    }
    let name = try container.decode(String.self)
    guard name == Self.adaptiveName else {
      throw RankerError.configuration(
        key: "fusion", value: "'\(name)'",
        reason: "it must be 'adaptive', or a number between 0 and 1 for a constant mixture")
    }
    self = .adaptive
  }

  /// The same.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .adaptive: try container.encode(Self.adaptiveName)
    case .fixed(let share): try container.encode(share)
    }
  }
}
