public import Tensors

/// Adam (Kingma and Ba, 2015, arXiv 1412.6980), with decoupled weight decay where a group asks for
/// it: AdamW (Loshchilov and Hutter, 2019, arXiv 1711.05101), in PyTorch's convention, so a step
/// shrinks a weight by the factor `1 - learning rate · decay` beside Adam's own change.
///
/// For a table with row gradients only those rows and their moments move ("lazy" Adam): exact for
/// rows met in every step, and the usual approximation for rare ones. Rows that a step does not meet
/// do not decay either.
public final class Adam: Optimizer {
  /// The step length α, before a group's factor.
  public var learningRate: Scalar
  private let beta1: Scalar
  private let beta2: Scalar
  private let epsilon: Scalar
  private let slots: [ParameterSlot]
  private var first: [Tensor]
  private var second: [Tensor]
  private var steps = 0

  /// Without weight decay; the paper's defaults.
  public convenience init(
    _ parameters: [Parameter], learningRate: Scalar = 1e-3, beta1: Scalar = 0.9,
    beta2: Scalar = 0.999, epsilon: Scalar = 1e-8
  ) {
    self.init(
      [ParameterGroup(parameters: parameters)], learningRate: learningRate, beta1: beta1,
      beta2: beta2, epsilon: epsilon)
  }

  /// With a learning rate and a weight decay of each group's own.
  public init(
    _ groups: [ParameterGroup], learningRate: Scalar = 1e-3, beta1: Scalar = 0.9,
    beta2: Scalar = 0.999, epsilon: Scalar = 1e-8
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    slots = groups.slots
    first = slots.map { Tensor(zeros: $0.parameter.value.shape) }
    second = first
  }

  /// See `Optimizer`. O(touched elements).
  public func step(_ gradients: Gradients) {
    steps += 1
    // In double precision: 1 - β^t cancels most digits of a Float while t is small.
    let correction1 = 1 - power(Double(beta1), steps)
    let correction2 = (1 - power(Double(beta2), steps)).squareRoot()
    for (index, slot) in slots.enumerated() {
      guard let gradient = gradients[slot.parameter] else { continue }
      let rate = Double(learningRate) * Double(slot.learningRateFactor)
      let update = AdamUpdate(
        stepSize: Scalar(rate / correction1), beta1: beta1, beta2: beta2,
        correction2: Scalar(correction2), epsilon: epsilon,
        keep: Scalar(1 - rate * Double(slot.weightDecay)))
      slot.parameter.update { weight in
        update.apply(gradient, to: &weight, first: &first[index], second: &second[index])
      }
    }
  }

  /// See `Optimizer`.
  public func state() -> [(name: String, tensor: StoredTensor)] {
    var state = [("steps", StoredTensor(shape: [], elements: .int64([Int64(steps)])))]
    for index in slots.indices {
      state.append(("first.\(index)", StoredTensor(first[index])))
      state.append(("second.\(index)", StoredTensor(second[index])))
    }
    return state
  }

  /// See `Optimizer`.
  public func restore(_ state: [String: StoredTensor]) throws(CheckpointError) {
    let count = try state.count("steps")
    var moments: (first: [Tensor], second: [Tensor]) = ([], [])
    for index in slots.indices {
      moments.first.append(try state.tensor("first.\(index)", shape: first[index].shape))
      moments.second.append(try state.squares("second.\(index)", shape: second[index].shape))
    }
    (steps, first, second) = (count, moments.first, moments.second)
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
