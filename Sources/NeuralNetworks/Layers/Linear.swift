public import Tensors

/// `x · weightᵀ + bias`, weight [outputs, inputs].
public struct Linear: Module {
  /// [outputs, inputs]
  public let weight: Parameter
  /// [outputs]
  public let bias: Parameter?

  /// Uniform initialisation within ±√(6 / (inputs + outputs)) (Glorot and Bengio, 2010); bias 0.
  public init(inputs: Int, outputs: Int, bias: Bool = true, random: inout RandomStream) {
    let bound = (6 / Scalar(max(inputs + outputs, 1))).squareRoot()
    weight = Parameter(Tensor(uniform: bound, shape: [outputs, inputs], random: &random))
    self.bias = bias ? Parameter(Tensor(zeros: [outputs])) : nil
  }

  /// x [..., inputs] -> [..., outputs]
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    linear(x, pass.read(weight), bias.map(pass.read))
  }

  /// The positive part of the same; without a tensor between the two.
  package func rectified(_ x: Tensor, _ pass: Pass) -> Tensor {
    guard let bias else { return self(x, pass).relu() }
    return rectifiedLinear(x, pass.read(weight), pass.read(bias))
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("weight", weight)
    if let bias { list.add("bias", bias) }
  }
}
