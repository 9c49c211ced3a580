public import Tensors

/// The data-adaptive activation of the Deep Interest Network (Zhou et al., KDD 2018, arXiv 1706.06978,
/// equation 5): `f(s) = p s + (1 - p) α s` with `p = σ((s - E[s]) / √(Var[s] + ε))`, a PReLU whose bend
/// is smooth and lies where the data are.
///
/// Mean and variance are the batch's in training, as in `BatchNorm2D` with whose rules the running ones
/// follow, and the running ones in inference. α is learned for each unit from 0. The authors' code
/// inserts a learned slope inside `p` that the paper does not have; this is the paper's.
public struct Dice: Module {
  /// `[units]`: α.
  public let alpha: Parameter
  private let normalization: BatchNorm2D
  private let epsilon: Scalar

  /// α = 0, running mean 0 and variance 1.
  public init(units: Int, epsilon: Scalar = 1e-8, momentum: Scalar = 0.1) {
    alpha = Parameter(Tensor(zeros: [units]))
    self.epsilon = epsilon
    normalization = BatchNorm2D(
      channels: units, isAffine: false, epsilon: epsilon, momentum: momentum)
  }

  /// x [rows, units] -> [rows, units]; training wants more than one row.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let p = normalization(x, pass).sigmoid()
    let slope = pass.read(alpha)
    // p + (1 - p) α
    return x * (p * (-1 * slope + 1) + slope)
  }

  /// The logistic function of `scale · x + shift` is `p` in inference: `[units]` each.
  package var gate: (scale: Tensor, shift: Tensor) {
    let deviation = (normalization.runningVariance.value + epsilon).sqrt()
    let scale = Tensor(repeating: 1, shape: deviation.shape) / deviation
    return (scale, -(scale * normalization.runningMean.value))
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("alpha", alpha)
    normalization.collect(into: &list)
  }
}
