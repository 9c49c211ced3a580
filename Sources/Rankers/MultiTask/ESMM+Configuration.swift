extension ESMM {
  /// What a user chooses about an entire-space model.
  public struct Configuration: MultiTaskConfiguration {
    /// The ranker this configures.
    public typealias Model = ESMM
    /// See `RankerConfiguration`.
    public static let kind = "esmm"
    /// See `RankerConfiguration`.
    public static let keys = MultiTaskSettings.keys + CodingKeys.allCases.map(\.rawValue)

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
      hidden = try container.decodeIfPresent([Int].self, forKey: .hidden) ?? hidden
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
