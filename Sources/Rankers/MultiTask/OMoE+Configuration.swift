extension OMoE {
  /// What a user chooses about experts with one gate.
  public struct Configuration: MultiTaskConfiguration {
    /// The ranker this configures.
    public typealias Model = OMoE
    /// See `RankerConfiguration`.
    public static let kind = "omoe"
    /// See `RankerConfiguration`.
    public static let keys = MultiTaskSettings.keys + ExpertShape.keys

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
