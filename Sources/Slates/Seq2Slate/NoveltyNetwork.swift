import NeuralNetworks
import Tensors

/// What a pointer makes of how near a candidate lies to those chosen before it: a small network from
/// the largest similarity in each space to an addition to its score.
///
/// The decoder's state could in principle learn to compare candidates; where data are too few for
/// that, this lets it see repetition directly. An extension of Seq2Slate. No addition is made before
/// anything was chosen.
struct NoveltyNetwork: Module {
  /// spaces -> units
  let hidden: Linear
  /// [units]
  let vector: Parameter

  static let units = 8

  init(spaces: Int, random: inout RandomStream) {
    hidden = Linear(
      inputs: spaces, outputs: Self.units, initialization: .fanIn, random: &random)
    vector = Parameter(Tensor(normal: 0.1, shape: [Self.units], random: &random))
  }

  /// nearest [rows, spaces] -> [rows, 1]
  func callAsFunction(_ nearest: Tensor, _ pass: Pass) -> Tensor {
    linear(hidden(nearest, pass).tanh(), pass.read(vector).reshaped([1, Self.units]))
  }

  func collect(into list: inout ParameterList) {
    list.add("hidden", hidden)
    list.add("vector", vector)
  }
}

/// The same for the loops that serve.
struct NoveltyWeights: Sendable {
  /// [units, spaces]
  let hidden: [Scalar]
  let bias: [Scalar]
  let vector: [Scalar]

  init(_ network: NoveltyNetwork) {
    hidden = network.hidden.weight.value.scalars
    bias = network.hidden.bias?.value.scalars ?? []
    vector = network.vector.value.scalars
  }
}
