public import Tensors

/// Fully connected layers with an activation and dropout between them, and a normalisation before the
/// activation if asked for; the last is linear
/// unless it is hidden too.
public struct MultilayerPerceptron: Module {
  private let layers: [Linear]
  private let layerNorms: [LayerNorm]
  private let batchNorms: [BatchNorm2D]
  private let activations: [ActivationLayer]
  private let dropoutRate: Scalar

  /// The width of the result.
  package let outputs: Int

  /// `hidden` gives the width of each hidden layer. Without `outputs` the last of them is the result,
  /// and without any layer the input is.
  public init(
    inputs: Int, hidden: [Int], outputs: Int?, activation: Activation = .relu,
    normalization: HiddenNormalization = .none, dropout: Scalar = 0, random: inout RandomStream
  ) {
    var layers: [Linear] = []
    var width = inputs
    for next in hidden + [outputs].compactMap({ $0 }) {
      layers.append(Linear(inputs: width, outputs: next, random: &random))
      width = next
    }
    self.layers = layers
    self.outputs = width
    activations = hidden.map { ActivationLayer(activation, units: $0) }
    layerNorms = normalization == .layer ? hidden.map { LayerNorm(width: $0) } : []
    batchNorms = normalization == .batch ? hidden.map { BatchNorm2D(channels: $0) } : []
    dropoutRate = dropout
  }

  /// x [rows, inputs] -> [rows, outputs]; any leading axes without a batch normalisation.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    layers.isEmpty ? x : continued(from: layers[0](x, pass), pass)
  }

  /// The first linear map, before its activation; nil where the input is the result.
  package var first: Linear? { layers.first }

  /// The result where the sums of the first layer are known: [rows, its outputs] -> [rows, outputs].
  package func continued(from sums: Tensor, _ pass: Pass) -> Tensor {
    var x = sums
    for (index, activation) in activations.enumerated() {
      if index > 0 { x = layers[index](x, pass) }
      if !layerNorms.isEmpty { x = layerNorms[index](x, pass) }
      if !batchNorms.isEmpty { x = batchNorms[index](x, pass) }
      x = dropout(activation(x, pass), rate: dropoutRate, pass)
    }
    let hasReadOut = layers.count > max(activations.count, 1)
    return hasReadOut ? layers[layers.count - 1](x, pass) : x
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("layers", layers)
    list.add("norms", layerNorms)
    list.add("norms", batchNorms)
    list.add("activations", activations)
  }
}
