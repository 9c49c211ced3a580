public import Tensors

/// Adam (Kingma and Ba, 2015, arXiv 1412.6980).
///
/// For a table with row gradients only those rows and their moments move ("lazy" Adam): exact for
/// rows met in every step, and the usual approximation for rare ones.
public final class Adam: Optimizer {
  /// The step length α.
  public var learningRate: Scalar
  private let beta1: Scalar
  private let beta2: Scalar
  private let epsilon: Scalar
  private let parameters: [Parameter]
  private var first: [Tensor]
  private var second: [Tensor]
  private var steps = 0

  /// The paper's defaults.
  public init(
    _ parameters: [Parameter], learningRate: Scalar = 1e-3, beta1: Scalar = 0.9,
    beta2: Scalar = 0.999, epsilon: Scalar = 1e-8
  ) {
    self.parameters = parameters
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    first = parameters.map { Tensor(zeros: $0.value.shape) }
    second = first
  }

  /// See `Optimizer`. O(touched elements).
  public func step(_ gradients: Gradients) {
    steps += 1
    // In double precision: 1 - β^t cancels most digits of a Float while t is small.
    let correction1 = 1 - power(Double(beta1), steps)
    let correction2 = (1 - power(Double(beta2), steps)).squareRoot()
    let update = AdamUpdate(
      stepSize: Scalar(Double(learningRate) / correction1), beta1: beta1, beta2: beta2,
      correction2: Scalar(correction2), epsilon: epsilon)
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = gradients[parameter] else { continue }
      parameter.update { weight in
        update.apply(gradient, to: &weight, first: &first[index], second: &second[index])
      }
    }
  }

  /// See `Optimizer`.
  public func state() -> [(name: String, tensor: StoredTensor)] {
    var state = [("steps", StoredTensor(shape: [], elements: .int64([Int64(steps)])))]
    for index in parameters.indices {
      state.append(("first.\(index)", StoredTensor(first[index])))
      state.append(("second.\(index)", StoredTensor(second[index])))
    }
    return state
  }

  /// See `Optimizer`.
  public func restore(_ state: [String: StoredTensor]) throws(CheckpointError) {
    let count = try state.count("steps")
    var moments: (first: [Tensor], second: [Tensor]) = ([], [])
    for index in parameters.indices {
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
