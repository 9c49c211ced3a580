extension MixtureOfExperts {
  /// What a user chooses about a mixture of experts.
  public struct Configuration: MultiTaskConfiguration {
    /// The ranker this configures.
    public typealias Model = MixtureOfExperts
    /// See `RankerConfiguration`.
    public static var kind: String { Gating.kind }
    /// See `RankerConfiguration`.
    public static var keys: [String] { MultiTaskSettings.keys + ExpertShape.keys }
    /// See `RankerConfiguration`.
    public static var summary: RankerSummary { Gating.summary }

    /// What all multi-task rankers have in common.
    public var settings = MultiTaskSettings()
    /// Experts, gates and towers.
    public var shape = ExpertShape()

    /// The defaults.
    public init() {}

    /// Decodes any subset of the keys; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      settings = try MultiTaskSettings(from: decoder)
      shape = try ExpertShape(from: decoder)
    }

    /// Encodes every key, all in one object.
    public func encode(to encoder: any Encoder) throws {
      try settings.encode(to: encoder)
      try shape.encode(to: encoder)
    }

    /// See `RankerConfiguration`.
    public func validate() throws(RankerError) {
      try settings.validate()
      try shape.validate()
    }
  }
}
