/// Multi-gate mixture of experts (Ma et al., KDD 2018): each task has a gate of its own, and so a mixture
/// of its own.
public typealias MMoE = MixtureOfExperts<GateForEachTask>

/// As many gates as tasks.
public enum GateForEachTask: ExpertGating {
  /// See `ExpertGating`.
  public static let kind = "mmoe"

  /// See `ExpertGating`.
  public static var summary: RankerSummary {
    RankerSummary(
      title: "MMoE (multi-gate mixture of experts)",
      paper: "Ma et al., Modeling task relationships in multi-task learning with multi-gate "
        + "mixture-of-experts, KDD 2018",
      reads:
        "A vector for each id, the mean of a list's, numbers as they are, a projection of each image, "
        + "side by side through experts that a gate of each task mixes for every row, and a tower for "
        + "each task.",
      example: """
        model: {kind: mmoe, experts: 6, expert: [128, 64], tower: [64], gate_dropout: 0.1}
        schema:
          label: click
          tasks: [purchase]
          categorical: [user, item, category]
          multi_valued: [history]
        training: {epochs: 10, batch_size: 512, learning_rate: 0.001}

        """)
  }

  /// One for each.
  public static func gates(tasks: Int) -> Int { tasks }
}
