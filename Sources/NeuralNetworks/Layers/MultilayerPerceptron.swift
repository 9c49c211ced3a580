public import Tensors

/// Fully connected layers with ReLU and dropout between them; the last is linear.
public struct MultilayerPerceptron: Module {
  private let layers: [Linear]
  private let dropoutRate: Scalar

  /// `hidden` gives the width of each hidden layer.
  public init(
    inputs: Int, hidden: [Int], outputs: Int, dropout: Scalar = 0, random: inout RandomStream
  ) {
    var layers: [Linear] = []
    var width = inputs
    for next in hidden + [outputs] {
      layers.append(Linear(inputs: width, outputs: next, random: &random))
      width = next
    }
    self.layers = layers
    dropoutRate = dropout
  }

  /// x [..., inputs] -> [..., outputs]
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    var x = x
    for layer in layers.dropLast() { x = dropout(layer(x, pass).relu(), rate: dropoutRate, pass) }
    return layers.last.map { $0(x, pass) } ?? x
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) { list.add("layers", layers) }
}
