package import NeuralNetworks
package import Tensors

/// How the weights of a history are scaled.
public enum AttentionNormalization: String, Sendable, Hashable, Codable, CaseIterable {
  /// Not at all, so that their sum says how much of the history is about the candidate.
  case none
  /// To the sum 1, by a softmax over the history.
  case softmax
}

/// The local activation unit of the Deep Interest Network (Zhou et al., KDD 2018, arXiv 1706.06978): how
/// much each event `k` of a history matters to a candidate `q`, by a small network over
/// `[q, k, q - k, q * k]`.
///
/// The first layer is the sum of what a row, an event and a pair add to it, with the weights
/// `W = [Wq, Wk, Wd, Wp]`:
/// `W [q, k, q - k, q * k] = (Wq + Wd) q + (Wk - Wd) k + Wp (q * k)`,
/// so only a quarter of it is computed for each pair, and the part of the events once for a list.
package struct AttentionUnit: Module {
  package let layers: [Linear]
  package let activations: [ActivationLayer]
  package let width: Int
  package let normalization: AttentionNormalization
  package let scale: Scalar

  /// - Parameters:
  ///   - width: numbers in the vector of a candidate or an event.
  ///   - hidden: units of the hidden layers.
  ///   - activation: of the hidden layers.
  ///   - scale: what scores are multiplied by before a softmax.
  package init(
    width: Int, hidden: [Int], activation: Activation,
    normalize normalization: AttentionNormalization, scale: Scalar = 1,
    random: inout RandomStream
  ) {
    var layers: [Linear] = []
    var inputs = 4 * width
    for outputs in hidden + [1] {
      layers.append(Linear(inputs: inputs, outputs: outputs, random: &random))
      inputs = outputs
    }
    self.layers = layers
    activations = hidden.map { ActivationLayer(activation, units: $0) }
    self.width = width
    self.normalization = normalization
    self.scale = scale
  }

  /// The weighted sum of each row's events, and the weights of all pairs of a row and an event of its
  /// list, in the order of `SharedLists.pairs`. An empty list pools to 0.
  ///
  /// In inference a kernel computes both without tensors of the size of the pairs.
  /// - Parameters:
  ///   - target: `[rows, width]`
  ///   - events: `[events, width]`, of all lists end to end
  /// - Complexity: O(pairs · (width · hidden[0] + hidden[0] · hidden[1] + …))
  package func callAsFunction(
    target: Tensor, events: Tensor, lists: SharedLists, _ pass: Pass
  ) -> (pooled: Tensor, weights: Tensor) {
    guard !pass.isTraining, let kernel = makeKernel() else {
      return differentiable(target: target, events: events, lists: lists, pass)
    }
    return self(target: target, events: events, lists: lists, by: kernel)
  }

  /// The same by operations that a pass can record.
  package func differentiable(
    target: Tensor, events: Tensor, lists: SharedLists, _ pass: Pass
  ) -> (pooled: Tensor, weights: Tensor) {
    let pairs = lists.pairs
    guard !pairs.rows.isEmpty else {
      return (Tensor(zeros: [target.shape[0], width]), Tensor(zeros: [0]))
    }
    let both = RowPairs(left: pairs.rows, right: pairs.events)
    let first = FirstLayer(layers[0], width: width, pass)
    var x =
      both.sums(first.sums(ofTarget: target), first.sums(ofEvents: events))
      + first.sums(ofProducts: both.products(target, events))
    for (activation, layer) in zip(activations, layers.dropFirst()) {
      x = layer(activation(x, pass), pass)
    }
    let scores = x.reshaped([pairs.rows.count])
    let weights =
      normalization == .none
      ? scores : segmentSoftmax(scores * scale, offsets: pairs.offsets)
    let pooled = segmentSum(weights, of: events, rows: pairs.events, offsets: pairs.offsets)
    return (pooled, weights)
  }

  package func collect(into list: inout ParameterList) {
    list.add("layers", layers)
    list.add("activations", activations)
  }

  /// The first layer, taken apart.
  struct FirstLayer {
    /// `[hidden, width]`: Wq + Wd.
    private let ofTarget: Tensor
    /// `[hidden, width]`: Wk - Wd.
    private let ofEvents: Tensor
    /// `[hidden, width]`: Wp.
    let ofProducts: Tensor
    private let bias: Tensor?

    init(_ layer: Linear, width: Int, _ pass: Pass) {
      let weights = pass.read(layer.weight)
      let parts = (0..<4).map { weights.slice(axis: 1, $0 * width..<($0 + 1) * width) }
      ofTarget = parts[0] + parts[2]
      ofEvents = parts[1] - parts[2]
      ofProducts = parts[3]
      bias = layer.bias.map(pass.read)
    }

    /// (Wq + Wd) q + b
    func sums(ofTarget x: Tensor) -> Tensor { linear(x, ofTarget, bias) }
    /// (Wk - Wd) k
    func sums(ofEvents x: Tensor) -> Tensor { linear(x, ofEvents) }
    /// Wp (q * k)
    func sums(ofProducts x: Tensor) -> Tensor { linear(x, ofProducts) }
  }
}
