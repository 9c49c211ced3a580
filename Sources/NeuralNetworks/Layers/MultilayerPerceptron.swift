public import Tensors

/// Fully connected layers with an activation and dropout between them, and a normalisation before the
/// activation if asked for; the last is linear unless it is hidden too.
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
    normalization: HiddenNormalization = .none, dropout: Scalar = 0,
    initialization: Linear.Initialization = .glorot, random: inout RandomStream
  ) {
    var layers: [Linear] = []
    var width = inputs
    for next in hidden + [outputs].compactMap({ $0 }) {
      layers.append(
        Linear(inputs: width, outputs: next, initialization: initialization, random: &random))
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
    guard let first else { return x }
    guard isRectified else { return continued(from: first(x, pass), pass) }
    return rest(dropout(first.rectified(x, pass), rate: dropoutRate, pass), pass)
  }

  /// Whether each hidden layer is a linear map and a rectifier, which are then one operation.
  private var isRectified: Bool {
    !activations.isEmpty && activations.allSatisfy(\.isRectifier) && layerNorms.isEmpty
      && batchNorms.isEmpty
  }

  /// The first linear map, before its activation; nil where the input is the result.
  package var first: Linear? { layers.first }

  /// The result where the sums of the first layer are known: [rows, its outputs] -> [rows, outputs].
  package func continued(from sums: Tensor, _ pass: Pass) -> Tensor {
    rest(activations.isEmpty ? sums : activated(sums, layer: 0, pass), pass)
  }

  /// The layers after the first.
  private func rest(_ x: Tensor, _ pass: Pass) -> Tensor {
    var x = x
    for index in layers.indices.dropFirst() {
      if index == activations.count {
        x = layers[index](x, pass)
      } else if isRectified {
        x = dropout(layers[index].rectified(x, pass), rate: dropoutRate, pass)
      } else {
        x = activated(layers[index](x, pass), layer: index, pass)
      }
    }
    return x
  }

  /// What a hidden layer makes of its linear map.
  private func activated(_ sums: Tensor, layer index: Int, _ pass: Pass) -> Tensor {
    var x = sums
    if !layerNorms.isEmpty { x = layerNorms[index](x, pass) }
    if !batchNorms.isEmpty { x = batchNorms[index](x, pass) }
    return dropout(activations[index](x, pass), rate: dropoutRate, pass)
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("layers", layers)
    list.add("norms", layerNorms)
    list.add("norms", batchNorms)
    list.add("activations", activations)
  }
}
