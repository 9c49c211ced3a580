public import Tensors

/// What a hidden unit makes of its sum.
public enum Activation: String, Sendable, Hashable, Codable, CaseIterable {
  /// max(x, 0).
  case relu
  /// Scaled exponential linear (Klambauer et al., NeurIPS 2017): keeps sums of many units at mean 0 and
  /// variance 1 without a normalisation.
  case selu

  /// Any shape to the same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .relu: return x.relu()
    case .selu:
      // λ x where x is positive, λ α (e^x - 1) elsewhere.
      let (scale, alpha) = (Scalar(1.0507009873554805), Scalar(1.6732632423543772))
      let negative = (-1 * (-1 * x).relu()).exp() - 1
      return (x.relu() + negative * alpha) * scale
    }
  }
}

/// What brings the sums of a hidden layer to a common scale, before the activation.
public enum HiddenNormalization: String, Sendable, Hashable, Codable, CaseIterable {
  /// Nothing.
  case none
  /// Each row over the units (`LayerNorm`).
  case layer
  /// Each unit over the rows of the batch, or the shard of it; by running statistics in inference.
  case batch
}
