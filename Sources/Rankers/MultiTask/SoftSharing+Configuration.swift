import RankingData

extension SoftSharing {
  /// What a user chooses about networks that are tied together.
  public struct Configuration: MultiTaskConfiguration {
    /// The ranker this configures.
    public typealias Model = SoftSharing
    /// See `RankerConfiguration`.
    public static let kind = "soft_sharing"
    /// See `RankerConfiguration`.
    public static let keys = MultiTaskSettings.keys + CodingKeys.allCases.map(\.rawValue)

    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "Soft sharing (tied networks)",
        paper:
          "Duong et al., Low resource dependency parsing: cross-lingual parameter sharing in a neural "
          + "network parser, ACL 2015",
        reads:
          "A vector for each id, the mean of a list's, numbers as they are, a projection of each image, "
          + "side by side through a network for each task; what their weights differ in is penalised.",
        example: """
          model: {kind: soft_sharing, hidden: [256, 128, 64], tie: 0.0001}
          schema:
            label: click
            tasks: [purchase]
            categorical: [user, item, category]
            multi_valued: [history]
          training: {epochs: 10, batch_size: 512, learning_rate: 0.001}

          """)
    }

    /// What all multi-task rankers have in common.
    public var settings = MultiTaskSettings()
    /// Units of the hidden layers of each task's network.
    public var hidden = [256, 128, 64]
    /// α of the penalty `α · Σ (θ - θ′)²` on what the networks of two tasks differ in.
    public var tie = 1e-4

    enum CodingKeys: String, CodingKey, CaseIterable {
      case hidden, tie
    }

    /// The defaults.
    public init() {}

    /// Decodes any subset of the keys; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      settings = try MultiTaskSettings(from: decoder)
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try container.update(&hidden, .hidden)
      try container.update(&tie, .tie)
    }

    /// Encodes every key, all in one object.
    public func encode(to encoder: any Encoder) throws {
      try settings.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(hidden, forKey: .hidden)
      try container.encode(tie, forKey: .tie)
    }

    /// See `RankerConfiguration`.
    public func validate() throws(RankerError) {
      try settings.validate()
      try checkUnits("hidden", hidden)
      try check("tie", tie, 0...1e6)
    }
  }
}
