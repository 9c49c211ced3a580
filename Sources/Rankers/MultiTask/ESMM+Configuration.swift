import RankingData

extension ESMM {
  /// What a user chooses about an entire-space model.
  public struct Configuration: MultiTaskConfiguration {
    /// The ranker this configures.
    public typealias Model = ESMM
    /// See `RankerConfiguration`.
    public static let kind = "esmm"
    /// See `RankerConfiguration`.
    public static let keys = MultiTaskSettings.keys + CodingKeys.allCases.map(\.rawValue)

    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "ESMM (entire-space multi-task model)",
        paper: "Ma et al., Entire space multi-task model: an effective approach for estimating "
          + "post-click conversion rate, SIGIR 2018",
        reads:
          "A vector for each id, the mean of a list's, numbers as they are, a projection of each image, "
          + "side by side through two networks: the click, and what follows a click, whose product is "
          + "learnt over all impressions.",
        example: """
          model:
            kind: esmm
            width: 18
            hidden: [360, 200, 80]
            score: {click: 1, purchase: 1}
          schema:
            label: click
            tasks: [purchase]
            categorical: [user, item, category]
            multi_valued: [history]
          training: {epochs: 10, batch_size: 512, learning_rate: 0.001}

          """)
    }

    /// What all multi-task rankers have in common.
    public var settings = Self.published
    /// Units of the hidden layers of each of the two networks.
    public var hidden = [360, 200, 80]

    /// The published width of a vector.
    private static let published: MultiTaskSettings = {
      var settings = MultiTaskSettings()
      settings.width = 18
      return settings
    }()

    enum CodingKeys: String, CodingKey, CaseIterable {
      case hidden
    }

    /// The defaults.
    public init() {}

    /// Decodes any subset of the keys; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      settings = try MultiTaskSettings(from: decoder, Self.published)
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try container.update(&hidden, .hidden)
    }

    /// Encodes every key, all in one object.
    public func encode(to encoder: any Encoder) throws {
      try settings.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(hidden, forKey: .hidden)
    }

    /// See `RankerConfiguration`.
    public func validate() throws(RankerError) {
      try settings.validate()
      try checkUnits("hidden", hidden)
    }
  }
}
