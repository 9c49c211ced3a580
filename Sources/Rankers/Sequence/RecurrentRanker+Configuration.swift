import RankingData

extension RecurrentRanker {
  /// What a user chooses about a recurrent ranker.
  public struct Configuration: RankerConfiguration {
    /// The ranker this configures.
    public typealias Model = RecurrentRanker
    /// See `RankerConfiguration`.
    public static let kind = "rnn"
    /// See `RankerConfiguration`.
    public static let keys = CodingKeys.allCases.map(\.rawValue)
    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "Recurrent network over the history",
        paper: "Hidasi et al., Session-based recommendations with recurrent neural networks, ICLR "
          + "2016; target attention as in SLi-Rec, Yu et al., IJCAI 2019",
        reads: "The history in order, item, attributes and image of each event, by an LSTM or GRU; "
          + "its last state, the mean or largest of all, or those that matter to the candidate.",
        example: """
          model: {kind: rnn, width: 16, cell: gru, units: 64, read_out: attention}
          training: {epochs: 10, batch_size: 512, clip_norm: 5, monitor: gauc}

          """)
    }

    /// The networks that read a history.
    public enum Cell: String, Sendable, Hashable, Codable, CaseIterable {
      /// Long short-term memory.
      case lstm
      /// Gated recurrent unit, in PyTorch's convention.
      case gru
    }

    /// What a row reads of its history's states.
    public enum ReadOut: String, Sendable, Hashable, Codable, CaseIterable {
      /// The state after the most recent event.
      case last
      /// The mean of all states.
      case mean
      /// The largest value of each unit over all states.
      case max
      /// The states that matter to the candidate.
      case attention
    }

    /// Numbers in the vector of an id, and in the projection of an image.
    public var width = 16
    /// What reads the history.
    public var cell = Cell.lstm
    /// Numbers in a state.
    public var units = 64
    /// What a row reads of the states.
    public var readOut = ReadOut.attention
    /// Units of the network that scores a state for a candidate, under the read-out `attention`.
    public var attentionHidden = [80, 40]
    /// Units of the hidden layers of the head.
    public var hidden = [200, 80]
    /// Share of the head's hidden units left out in each training step.
    public var dropout = 0.0
    /// Standard deviation of the first vectors.
    public var embeddingScale = 0.05
    /// λ of the penalty `λ/2 · Σ v²` on the vectors looked up, averaged over rows.
    public var l2 = 0.0

    enum CodingKeys: String, CodingKey, CaseIterable {
      case width, cell, units
      case readOut = "read_out"
      case attentionHidden = "attention_hidden"
      case hidden, dropout
      case embeddingScale = "embedding_scale"
      case l2
    }

    /// The defaults.
    public init() {}

    /// Decodes any subset of the keys; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try container.update(&width, .width)
      try container.update(&cell, .cell)
      try container.update(&units, .units)
      try container.update(&readOut, .readOut)
      try container.update(&attentionHidden, .attentionHidden)
      try container.update(&hidden, .hidden)
      try container.update(&dropout, .dropout)
      try container.update(&embeddingScale, .embeddingScale)
      try container.update(&l2, .l2)
    }

    /// See `RankerConfiguration`.
    public func validate() throws(RankerError) {
      try check("width", width, 1...4096)
      try check("units", units, 1...4096)
      for units in attentionHidden { try check("attention_hidden", units, 1...65_536) }
      for units in hidden { try check("hidden", units, 1...65_536) }
      try check("dropout", dropout, 0...0.95)
      try check("embedding_scale", embeddingScale, 0...10)
      try check("l2", l2, 0...1000)
    }

    /// Adam at 0.001, 512 rows a step, gradients of norm 5 at most, judged by each user's order.
    public var usualTraining: RankerTraining {
      var training = RankerTraining()
      training.batchSize = 512
      training.clipNorm = 5
      training.monitor = .gauc
      return training
    }
  }
}
