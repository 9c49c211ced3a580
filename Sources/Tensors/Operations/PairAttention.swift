package import CKernels

/// The inference kernel of an attention unit: a small network over every pair of a row and an event of
/// its list gives a weight, and the events are summed by weight (see `AttentionUnit` in the rankers).
///
/// Weights are laid out once, in multiples of what the processor multiplies at a time.
package struct PairAttention: Sendable {
  /// A hidden layer.
  package struct Layer: Sendable {
    let weights: Tensor
    let bias: Tensor?
    let coefficients: [Tensor]
    let inputs: Int
    let curve: vitrine_curve

    /// - Parameters:
    ///   - weights: `[units, inputs]`
    ///   - bias: `[units]`; nil in the first layer, where it is part of what a row adds.
    ///   - slope: `[units]`, of PReLU and Dice.
    ///   - scale: `[units]`; the gate of Dice is the logistic function of `scale · x + shift`.
    ///   - shift: `[units]`
    package init(
      weights: Tensor, bias: Tensor?, curve: vitrine_curve, slope: Tensor? = nil,
      scale: Tensor? = nil, shift: Tensor? = nil
    ) {
      let zero = Tensor(zeros: [weights.shape[0]])
      self.weights = weights.detached.transposed().padded()
      self.bias = bias?.detached.padded()
      self.curve = curve
      inputs = weights.shape[1]
      coefficients = [slope, scale, shift].map { ($0 ?? zero).detached.padded() }
    }

    /// Valid as long as the layer lives.
    fileprivate var pointers: vitrine_attention_layer {
      vitrine_attention_layer(
        weights: weights.storage.pointer, bias: bias.map { UnsafePointer($0.storage.pointer) },
        slope: coefficients[0].storage.pointer, scale: coefficients[1].storage.pointer,
        shift: coefficients[2].storage.pointer, inputs: inputs, units: weights.shape[1],
        curve: curve)
    }
  }

  private let layers: [Layer]
  private let output: Tensor
  private let outputBias: Scalar
  private let scale: Scalar?

  /// - Parameters:
  ///   - layers: at least one; the first reads the products of a pair.
  ///   - output: as many weights as the last layer has units.
  ///   - scale: if given, weights are the softmax of this times the network's results.
  package init(layers: [Layer], output: Tensor, bias: Scalar, scale: Scalar?) {
    precondition(!layers.isEmpty, "an attention kernel without a hidden layer")
    self.layers = layers
    self.output = output.viewed(as: [output.count]).padded()
    outputBias = bias
    self.scale = scale
  }

  /// - Parameters:
  ///   - targets: `[rows, width]`
  ///   - targetParts: `[rows, units]`: what a row adds to the sums of the first layer, bias included.
  ///   - events: `[events, width]`
  ///   - eventParts: `[events, units]`: what an event adds to them.
  ///   - lists: the events of each row.
  /// - Returns: the pooled events, `[rows, width]`, zeros for an empty list, and one weight a pair,
  ///   row by row.
  package func callAsFunction(
    targets: Tensor, targetParts: Tensor, events: Tensor, eventParts: Tensor, lists: [Range<Int>]
  ) -> (pooled: Tensor, weights: Tensor) {
    let (rows, width) = (targets.shape[0], targets.shape[1])
    precondition(
      lists.count == rows && events.shape[1] == width && layers[0].inputs == width
        && lists.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= events.shape[0] },
      "attention of \(targets.shape) to \(events.shape) with \(lists.count) lists")
    let (common, own) = (targetParts.detached.padded(), eventParts.detached.padded())
    let units = layers[0].weights.shape[1]
    precondition(
      common.shape == [rows, units] && own.shape == [events.shape[0], units],
      "parts \(targetParts.shape) and \(eventParts.shape) of a layer of \(units) units")
    let starts = lists.map { Int32($0.lowerBound) }
    let ends = lists.map { Int32($0.upperBound) }
    let weights = TensorStorage(uninitialized: lists.reduce(0) { $0 + $1.count })
    let pooled = TensorStorage(uninitialized: rows * width)
    withExtendedLifetime((self, common, own)) {
      layers.map(\.pointers).withUnsafeBufferPointer { hidden in
        var unit = vitrine_attention_unit(
          layers: hidden.baseAddress, depth: hidden.count, output: output.storage.pointer,
          output_bias: outputBias, score_scale: scale ?? 0)
        let longest = lists.reduce(0) { max($0, $1.count) }
        let scratch = TensorStorage(uninitialized: vitrine_attention_scratch(&unit, longest))
        vitrine_attention(
          &unit, targets.storage.pointer, common.storage.pointer, events.storage.pointer,
          own.storage.pointer, starts, ends, scratch.pointer, weights.pointer, pooled.pointer, rows,
          width)
      }
    }
    return (
      Tensor(shape: [rows, width], storage: pooled),
      Tensor(shape: [weights.count], storage: weights)
    )
  }
}

extension Tensor {
  /// Zeros behind the last axis, to a multiple of what the kernel takes at once.
  fileprivate func padded() -> Tensor {
    let (columns, step) = (shape[-1], vitrine_attention_padding())
    let missing = (columns + step - 1) / step * step - columns
    guard missing > 0 else { return detached }
    return concatenate(
      [detached, Tensor(zeros: shape.replacing(-1, with: missing))], axis: -1)
  }
}
