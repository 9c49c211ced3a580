import NeuralNetworks
import Tensors

/// Adam for the policy, another for its critic, and the moving average of rewards: all that
/// REINFORCE must remember from step to step, so that a checkpoint holds it.
///
/// The two gradients are clipped each on its own: a bad prediction must not shorten the policy's
/// step.
final class PolicyOptimizer: Optimizer {
  private let parts: [[Parameter]]
  private let optimizer: CombinedOptimizer
  private let clipNorm: Double
  /// Of the batches so far.
  private(set) var averageReward: Scalar
  private let momentum: Scalar

  private static let averageKey = "average_reward"

  /// - Parameter averageReward: Where the moving average starts.
  init(
    _ networks: PolicyNetworks, _ plan: Seq2SlateTraining.Reinforce, clipNorm: Double,
    averageReward: Double
  ) {
    let policy = ParameterList(networks.model).trainable
    let critic = networks.critic.map { ParameterList($0).trainable }
    parts = [policy] + (critic.map { [$0] } ?? [])
    optimizer = CombinedOptimizer(
      [Adam(policy, learningRate: Scalar(plan.learningRate))]
        + (critic.map { [Adam($0, learningRate: Scalar(plan.criticLearningRate))] } ?? []))
    self.clipNorm = clipNorm
    self.averageReward = Scalar(averageReward)
    momentum = Scalar(plan.momentum)
  }

  /// Takes a batch's mean reward into the average.
  func follow(reward: Scalar) {
    averageReward = momentum * averageReward + (1 - momentum) * reward
  }

  /// Of the policy; the critic's stays in proportion.
  var learningRate: Scalar {
    get { optimizer.learningRate }
    set { optimizer.learningRate = newValue }
  }

  func step(_ gradients: Gradients) {
    var clipped = Gradients()
    for parameters in parts {
      var part = Gradients()
      for parameter in parameters { part[parameter] = gradients[parameter] }
      let norm = part.norm(of: parameters)
      if norm > clipNorm { part.scale(by: Scalar(clipNorm / norm)) }
      for parameter in parameters { clipped[parameter] = part[parameter] }
    }
    optimizer.step(clipped)
  }

  func state() -> [(name: String, tensor: StoredTensor)] {
    optimizer.state() + [(Self.averageKey, StoredTensor(Tensor(scalar: averageReward)))]
  }

  func restore(_ state: [String: StoredTensor]) throws(CheckpointError) {
    var state = state
    guard let average = state.removeValue(forKey: Self.averageKey)?.tensor, average.count == 1,
      average.item().isFinite
    else {
      throw CheckpointError(
        "optimizer state: '\(Self.averageKey)' is missing or no finite number: the checkpoint is"
          + " damaged; start without --resume")
    }
    try optimizer.restore(state)
    averageReward = average.item()
  }
}
