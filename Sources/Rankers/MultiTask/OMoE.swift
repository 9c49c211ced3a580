/// One-gate mixture of experts: all tasks read the same mixture (the baseline of Ma et al., KDD 2018).
public typealias OMoE = MixtureOfExperts<OneGate>

/// A single gate.
public enum OneGate: ExpertGating {
  /// See `ExpertGating`.
  public static let kind = "omoe"

  /// See `ExpertGating`.
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

  /// One.
  public static func gates(tasks: Int) -> Int { 1 }
}
