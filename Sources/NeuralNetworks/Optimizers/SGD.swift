public import Tensors

/// Stochastic gradient descent with momentum, plain or Nesterov's, in PyTorch's convention
/// (Sutskever et al., ICML 2013, with the learning rate outside the velocity):
/// `v = μ v + g`, `w -= η v` or, with Nesterov's look-ahead, `w -= η (g + μ v)`.
///
/// Weight decay adds `decay · w` to the gradient, so it passes through the momentum. For a table with
/// row gradients only those rows and their velocities move, and only they decay.
public final class SGD: Optimizer {
  /// The step length η, before a group's factor.
  public var learningRate: Scalar
  private let momentum: Scalar
  private let nesterov: Bool
  private let slots: [ParameterSlot]
  private var velocities: [Tensor]

  /// `momentum` lies in 0 ..< 1; Nesterov's look-ahead needs some.
  public init(
    _ groups: [ParameterGroup], learningRate: Scalar, momentum: Scalar = 0.9,
    nesterov: Bool = false
  ) {
    precondition((0..<1).contains(momentum), "momentum \(momentum); it must lie in 0 ..< 1")
    precondition(!nesterov || momentum > 0, "Nesterov's look-ahead without momentum")
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    slots = groups.slots
    velocities = slots.map { Tensor(zeros: $0.parameter.value.shape) }
  }

  /// See `Optimizer`. O(touched elements).
  public func step(_ gradients: Gradients) {
    for (index, slot) in slots.enumerated() {
      guard let gradient = gradients[slot.parameter] else { continue }
      let update = SGDUpdate(
        learningRate: learningRate * slot.learningRateFactor, momentum: momentum,
        nesterov: nesterov, weightDecay: slot.weightDecay)
      slot.parameter.update { update.apply(gradient, to: &$0, velocity: &velocities[index]) }
    }
  }

  /// See `Optimizer`.
  public func state() -> [(name: String, tensor: StoredTensor)] {
    velocities.enumerated().map { ("velocity.\($0)", StoredTensor($1)) }
  }

  /// See `Optimizer`.
  public func restore(_ state: [String: StoredTensor]) throws(CheckpointError) {
    var restored: [Tensor] = []
    for (index, velocity) in velocities.enumerated() {
      restored.append(try state.tensor("velocity.\(index)", shape: velocity.shape))
    }
    velocities = restored
  }
}
