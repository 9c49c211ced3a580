import RankingData

extension Seq2SlateTraining {
  /// The second stage: REINFORCE on orders that the model draws, from the best supervised epoch on
  /// (Williams, 1992; Bello et al., 2018).
  ///
  /// It works on what is served, the first `steps` places of an order, and is judged by greedy NDCG
  /// as the supervised stage is: the model keeps the best epoch of both stages.
  public struct Reinforce: Codable, Sendable, Hashable {
    /// What an order earns by its clicks among the first `steps` places; a click placed further
    /// down, or nowhere, earns nothing.
    public enum Reward: String, Codable, Sendable, Hashable, CaseIterable {
      /// NDCG@10. The ideal order has 10 places, also where fewer are decoded.
      case ndcg
      /// Average precision, over the clicks that there is a place for.
      case map
    }

    /// What the reward is compared with.
    public enum Baseline: String, Codable, Sendable, Hashable, CaseIterable {
      /// The moving average over batches; it starts at the warm start's greedy reward on the
      /// validation lists.
      case movingAverage = "moving_average"
      /// A small network's prediction from the encoder's last state.
      case critic
      /// The list's greedy order, decoded beside.
      case selfCritical = "self_critical"
    }

    /// The most passes over the training lists.
    public var epochs = 10
    /// What an order earns.
    public var reward = Reward.ndcg
    /// What the reward is compared with.
    public var baseline = Baseline.selfCritical
    /// Weight of the entropy bonus in the first epoch; it falls linearly to 0 over the stage.
    public var entropy = 0.01
    /// Adam's step length.
    public var learningRate = 1e-4
    /// The critic's.
    public var criticLearningRate = 1e-3
    /// The share of the moving average that a batch leaves.
    public var momentum = 0.9
    /// Orders drawn of each list in a step.
    public var samples = 1

    /// The defaults.
    public init() {}

    /// Every key it reads.
    public static let keys = CodingKeys.allCases.map(\.rawValue)

    enum CodingKeys: String, CodingKey, CaseIterable {
      case epochs, reward, baseline, entropy, momentum, samples
      case learningRate = "learning_rate"
      case criticLearningRate = "critic_learning_rate"
    }

    /// Every missing field takes its default.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try container.update(&epochs, .epochs)
      try container.update(&reward, .reward)
      try container.update(&baseline, .baseline)
      try container.update(&entropy, .entropy)
      try container.update(&learningRate, .learningRate)
      try container.update(&criticLearningRate, .criticLearningRate)
      try container.update(&momentum, .momentum)
      try container.update(&samples, .samples)
    }

    /// The weight of the entropy bonus in an epoch of the stage, counted from 1.
    package func entropy(epoch: Int) -> Double {
      entropy * (1 - Double(epoch - 1) / Double(epochs))
    }
  }
}
