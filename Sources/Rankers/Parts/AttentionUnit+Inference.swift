import CKernels
import NeuralNetworks
package import Tensors

extension AttentionUnit {
  /// The unit as a kernel; nil without a hidden layer, where there is nothing to save.
  package func makeKernel() -> PairAttention? {
    guard !activations.isEmpty else { return nil }
    let first = FirstLayer(layers[0], width: width, .inference())
    let hidden = zip(layers, activations).enumerated().map { index, pair in
      let (layer, activation) = pair
      let numbers = activation.coefficients
      return PairAttention.Layer(
        weights: index == 0 ? first.ofProducts : layer.weight.value,
        bias: index == 0 ? nil : layer.bias?.value, curve: activation.activation.curve,
        slope: numbers.slope, scale: numbers.scale, shift: numbers.shift)
    }
    let last = layers[layers.count - 1]
    return PairAttention(
      layers: hidden, output: last.weight.value, bias: last.bias?.value.item() ?? 0,
      scale: normalization == .softmax ? scale : nil)
  }

  /// The pooled vectors and the weights by the kernel, on the calling thread.
  package func callAsFunction(
    target: Tensor, events: Tensor, lists: SharedLists, by kernel: PairAttention
  ) -> (pooled: Tensor, weights: Tensor) {
    let first = FirstLayer(layers[0], width: width, .inference())
    return kernel(
      targets: target, targetParts: first.sums(ofTarget: target), events: events,
      eventParts: first.sums(ofEvents: events), lists: lists.rows.map { lists.events(of: Int($0)) })
  }
}

extension Activation {
  fileprivate var curve: vitrine_curve {
    switch self {
    case .relu: VITRINE_CURVE_RELU
    case .selu: VITRINE_CURVE_SELU
    case .sigmoid: VITRINE_CURVE_SIGMOID
    case .tanh: VITRINE_CURVE_TANH
    case .prelu: VITRINE_CURVE_PRELU
    case .dice: VITRINE_CURVE_DICE
    }
  }
}
