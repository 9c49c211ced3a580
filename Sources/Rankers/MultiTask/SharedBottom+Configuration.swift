import RankingData

extension SharedBottom {
  /// What a user chooses about a network with a shared bottom.
  public struct Configuration: MultiTaskConfiguration {
    /// The ranker this configures.
    public typealias Model = SharedBottom
    /// See `RankerConfiguration`.
    public static let kind = "shared_bottom"
    /// See `RankerConfiguration`.
    public static let keys = MultiTaskSettings.keys + CodingKeys.allCases.map(\.rawValue)

    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "Shared bottom (hard sharing)",
        paper: "Caruana, Multitask learning, Machine Learning 1997",
        reads:
          "A vector for each id, the mean of a list's, numbers as they are, a projection of each image, "
          + "side by side through layers that all tasks share, and a tower for each task.",
        example: """
          model:
            kind: shared_bottom
            bottom: [256, 128]
            tower: [64]
            tasks: {click: 1, purchase: 0.5}
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
    /// Units of the layers that all tasks share.
    public var bottom = [256, 128]
    /// Units of the hidden layers of a task's tower.
    public var tower = [64]

    enum CodingKeys: String, CodingKey, CaseIterable {
      case bottom, tower
    }

    /// The defaults.
    public init() {}

    /// Decodes any subset of the keys; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      settings = try MultiTaskSettings(from: decoder)
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try container.update(&bottom, .bottom)
      try container.update(&tower, .tower)
    }

    /// Encodes every key, all in one object.
    public func encode(to encoder: any Encoder) throws {
      try settings.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(bottom, forKey: .bottom)
      try container.encode(tower, forKey: .tower)
    }

    /// See `RankerConfiguration`.
    public func validate() throws(RankerError) {
      try settings.validate()
      try checkUnits("bottom", bottom)
      try checkUnits("tower", tower)
    }
  }
}
