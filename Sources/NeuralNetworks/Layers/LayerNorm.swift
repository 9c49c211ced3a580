public import Tensors

/// Layer normalisation over the last axis with learned gain and bias (arXiv 1607.06450).
public struct LayerNorm: Module {
  /// [width]
  public let weight: Parameter
  /// [width]
  public let bias: Parameter

  /// Starts as the plain normalisation.
  public init(width: Int) {
    weight = Parameter(Tensor(repeating: 1, shape: [width]))
    bias = Parameter(Tensor(zeros: [width]))
  }

  /// x [..., width] -> [..., width]
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    layerNormalize(x, gain: pass.read(weight), bias: pass.read(bias))
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("weight", weight)
    list.add("bias", bias)
  }
}
