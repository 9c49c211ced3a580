package import NeuralNetworks
package import Tensors

/// The long-term part of SLi-Rec, an attentive asymmetric SVD: a user is a weighted mean of the items
/// of the history, `Σ a_k x_k` with `a = softmax(u · tanh(x_k W + b))`. It does not depend on the
/// candidate.
package struct AttentiveAverage: Module {
  package let projection: Linear
  package let scoring: Linear

  /// - Parameter units: A, the width in which events are judged.
  package init(width: Int, units: Int, random: inout RandomStream) {
    projection = Linear(inputs: width, outputs: units, random: &random)
    scoring = Linear(inputs: units, outputs: 1, bias: false, random: &random)
  }

  /// x `[events, width]` -> `[lists, width]`; an empty list is 0. Softmax and sum run over a list's own
  /// events, so there is no padding to attend to.
  package func callAsFunction(_ x: Tensor, offsets: [Int32], _ pass: Pass) -> Tensor {
    let events = x.shape[0]
    let scores = scoring(projection(x, pass).tanh(), pass).reshaped([events])
    return segmentSum(
      segmentSoftmax(scores, offsets: offsets), of: x, rows: Array(0..<Int32(events)),
      offsets: offsets)
  }

  package func collect(into list: inout ParameterList) {
    list.add("projection", projection)
    list.add("scoring", scoring)
  }
}
