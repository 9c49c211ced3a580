public import Tensors

/// An activation with what it learns, if anything.
public struct ActivationLayer: Module {
  package let activation: Activation
  /// `[units]`: slopes below 0 of a PReLU.
  private let slope: Parameter?
  private let dice: Dice?

  /// - Parameters:
  ///   - units: the extent of the last axis.
  ///   - slope: the first slope of a PReLU.
  public init(_ activation: Activation, units: Int, slope: Scalar = 0.25) {
    self.activation = activation
    self.slope =
      activation == .prelu ? Parameter(Tensor(repeating: slope, shape: [units])) : nil
    dice = activation == .dice ? Dice(units: units) : nil
  }

  /// Whether it is the positive part, which a linear layer can take itself.
  var isRectifier: Bool { activation == .relu }

  /// x [..., units] to the same shape; with Dice, x [rows, units].
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    if let slope { return x.relu() - (-1 * x).relu() * pass.read(slope) }
    if let dice { return dice(x, pass) }
    switch activation {
    case .selu: return selu(x)
    case .sigmoid: return x.sigmoid()
    case .tanh: return x.tanh()
    case .relu, .prelu, .dice: return x.relu()
    }
  }

  /// What the activation is in inference, in numbers for each unit that a kernel can read.
  package var coefficients: Coefficients {
    Coefficients(
      slope: dice?.alpha.value ?? slope?.value, scale: dice?.gate.scale, shift: dice?.gate.shift)
  }

  /// `[units]` each, where the activation has them: the slope of PReLU, or α of Dice; and the scale and
  /// shift of the sum whose logistic function is the gate of Dice in inference.
  package struct Coefficients {
    package let slope: Tensor?
    package let scale: Tensor?
    package let shift: Tensor?
  }

  /// λ x where x is positive, λ α (e^x - 1) elsewhere.
  private func selu(_ x: Tensor) -> Tensor {
    let (scale, alpha) = (Scalar(1.0507009873554805), Scalar(1.6732632423543772))
    let negative = (-1 * (-1 * x).relu()).exp() - 1
    return (x.relu() + negative * alpha) * scale
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    if let slope { list.add("slope", slope) }
    dice?.collect(into: &list)
  }
}
