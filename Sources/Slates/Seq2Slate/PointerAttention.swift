public import NeuralNetworks
import Tensors

/// Points at one of the candidates: `s_i = vᵀ tanh(e_i W_e + d W_d)` (Vinyals et al., 2015;
/// Bello et al., 2018).
///
/// Nothing in it depends on the number of candidates, so one model serves lists of any length.
public struct PointerAttention: Module {
  /// W_e, [cells, cells] as `Linear` keeps it.
  let encoder: Linear
  /// W_d
  let decoder: Linear
  /// v, [cells]
  let vector: Parameter

  init(cells: Int, random: inout RandomStream) {
    encoder = Linear(inputs: cells, outputs: cells, bias: false, random: &random)
    decoder = Linear(inputs: cells, outputs: cells, bias: false, random: &random)
    vector = Parameter(
      Tensor(uniform: 1 / Scalar(cells).squareRoot(), shape: [cells], random: &random))
  }

  /// `e W_e` of all candidates, computed once a list: [n · lists, cells].
  func keys(_ encodings: Tensor, _ pass: Pass) -> Tensor { encoder(encodings, pass) }

  /// Scores of one decoding step, [lists, n]; -infinity where `open` is 0, so that the softmax
  /// gives such a candidate exactly nothing.
  func callAsFunction(
    keys: Tensor, decoded: Tensor, open: [UInt8], _ pass: Pass
  ) -> Tensor {
    additiveScores(
      keys: keys, queries: decoder(decoded, pass), vector: pass.read(vector), open: open)
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("encoder", encoder)
    list.add("decoder", decoder)
    list.add("vector", vector)
  }
}
