import RankingData

extension CrossStitch {
  /// What a user chooses about a cross-stitch network.
  public struct Configuration: MultiTaskConfiguration {
    /// The ranker this configures.
    public typealias Model = CrossStitch
    /// See `RankerConfiguration`.
    public static let kind = "cross_stitch"
    /// See `RankerConfiguration`.
    public static let keys = MultiTaskSettings.keys + CodingKeys.allCases.map(\.rawValue)

    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "Cross-stitch network",
        paper: "Misra et al., Cross-stitch networks for multi-task learning, CVPR 2016",
        reads:
          "A vector for each id, the mean of a list's, numbers as they are, a projection of each image, "
          + "side by side through a network for each task; each layer reads a learnt mixture of all "
          + "tasks' layers below.",
        example: """
          model: {kind: cross_stitch, hidden: [256, 128], tower: [64], stitch_learning_rate: 0.1}
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
    /// Units of the layers of each task's network, stitched after every one.
    public var hidden = [256, 128]
    /// Units of the hidden layers of a task's tower, behind the last stitch.
    public var tower = [64]
    /// Whether each unit has a mixture of its own.
    public var perChannel = false
    /// Step length of the mixtures, which plain gradient descent trains: some hundred times that of
    /// the other weights (Misra et al.).
    public var stitchRate = 0.1

    enum CodingKeys: String, CodingKey, CaseIterable {
      case hidden, tower
      case perChannel = "per_channel"
      case stitchRate = "stitch_learning_rate"
    }

    /// The defaults.
    public init() {}

    /// Decodes any subset of the keys; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      settings = try MultiTaskSettings(from: decoder)
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try container.update(&hidden, .hidden)
      try container.update(&tower, .tower)
      try container.update(&perChannel, .perChannel)
      try container.update(&stitchRate, .stitchRate)
    }

    /// Encodes every key, all in one object.
    public func encode(to encoder: any Encoder) throws {
      try settings.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(hidden, forKey: .hidden)
      try container.encode(tower, forKey: .tower)
      try container.encode(perChannel, forKey: .perChannel)
      try container.encode(stitchRate, forKey: .stitchRate)
    }

    /// See `RankerConfiguration`.
    public func validate() throws(RankerError) {
      try settings.validate()
      guard !hidden.isEmpty else {
        throw .configuration(key: "hidden", value: "no layer", reason: "there is nothing to stitch")
      }
      try checkUnits("hidden", hidden)
      try checkUnits("tower", tower)
      try check("stitch_learning_rate", stitchRate, 0...100)
    }
  }
}
