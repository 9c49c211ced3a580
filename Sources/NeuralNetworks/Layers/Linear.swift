public import Tensors

/// `x · weightᵀ + bias`, weight [outputs, inputs].
public struct Linear: Module {
  /// [outputs, inputs]
  public let weight: Parameter
  /// [outputs]
  public let bias: Parameter?

  /// How the first weights are drawn.
  public enum Initialization: Sendable, Hashable {
    /// Weights uniform within ±√(6 / (inputs + outputs)) (Glorot and Bengio, 2010); biases 0.
    case glorot
    /// Weights and biases uniform within ±1 / √inputs: smaller steps from a wide layer to a narrow one,
    /// and units of few inputs that bend at different places.
    case fanIn
  }

  /// A layer with its first weights.
  public init(
    inputs: Int, outputs: Int, bias: Bool = true, initialization: Initialization = .glorot,
    random: inout RandomStream
  ) {
    let bound =
      switch initialization {
      case .glorot: (6 / Scalar(max(inputs + outputs, 1))).squareRoot()
      case .fanIn: 1 / Scalar(max(inputs, 1)).squareRoot()
      }
    weight = Parameter(Tensor(uniform: bound, shape: [outputs, inputs], random: &random))
    let first =
      bias && initialization == .fanIn
      ? Tensor(uniform: bound, shape: [outputs], random: &random) : Tensor(zeros: [outputs])
    self.bias = bias ? Parameter(first) : nil
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
