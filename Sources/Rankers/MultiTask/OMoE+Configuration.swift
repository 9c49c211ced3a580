extension OMoE {
  /// What a user chooses about experts with one gate.
  public struct Configuration: MultiTaskConfiguration {
    /// The ranker this configures.
    public typealias Model = OMoE
    /// See `RankerConfiguration`.
    public static let kind = "omoe"
    /// See `RankerConfiguration`.
    public static let keys = MultiTaskSettings.keys + ExpertShape.keys

    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "OMoE (one-gate mixture of experts)",
        paper: "The baseline of Ma et al., Modeling task relationships in multi-task learning with "
          + "multi-gate mixture-of-experts, KDD 2018",
        reads:
          "A vector for each id, the mean of a list's, numbers as they are, a projection of each image, "
          + "side by side through experts that one gate mixes for every row, and a tower for each task.",
        example: """
          model: {kind: omoe, experts: 6, expert: [128, 64], tower: [64]}
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
