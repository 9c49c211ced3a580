/// What a hidden unit makes of its sum.
public enum Activation: String, Sendable, Hashable, Codable, CaseIterable {
  /// max(x, 0).
  case relu
  /// Scaled exponential linear (Klambauer et al., NeurIPS 2017): keeps sums of many units at mean 0 and
  /// variance 1 without a normalisation.
  case selu
  /// 1 / (1 + e^-x).
  case sigmoid
  /// Hyperbolic tangent.
  case tanh
  /// Leaky below 0, by a learned slope for each unit (He et al., 2015, arXiv 1502.01852).
  case prelu
  /// Parametric with its bend where the data are (`Dice`).
  case dice
}
