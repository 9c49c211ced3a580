public import Tensors

/// Adagrad (Duchi, Hazan and Singer, 2011). Row gradients touch only their rows, exactly.
public final class Adagrad: Optimizer {
  /// The step length η.
  public var learningRate: Scalar
  private let epsilon: Scalar
  private let parameters: [Parameter]
  private var accumulators: [Tensor]

  /// `initial` is the first value of every accumulator.
  public init(
    _ parameters: [Parameter], learningRate: Scalar = 0.01, initial: Scalar = 0,
    epsilon: Scalar = 1e-10
  ) {
    self.parameters = parameters
    self.learningRate = learningRate
    self.epsilon = epsilon
    accumulators = parameters.map { Tensor(repeating: initial, shape: $0.value.shape) }
  }

  /// See `Optimizer`. O(touched elements).
  public func step(_ gradients: Gradients) {
    let update = AdagradUpdate(learningRate: learningRate, epsilon: epsilon)
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = gradients[parameter] else { continue }
      parameter.update { update.apply(gradient, to: &$0, accumulator: &accumulators[index]) }
    }
  }

  /// See `Optimizer`.
  public func state() -> [(name: String, tensor: StoredTensor)] {
    accumulators.enumerated().map { ("accumulator.\($0)", StoredTensor($1)) }
  }

  /// See `Optimizer`.
  public func restore(_ state: [String: StoredTensor]) throws(CheckpointError) {
    var restored: [Tensor] = []
    for (index, accumulator) in accumulators.enumerated() {
      restored.append(try state.squares("accumulator.\(index)", shape: accumulator.shape))
    }
    accumulators = restored
  }
}
