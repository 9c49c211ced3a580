/// What batch normalisation found in a batch.
public struct BatchStatistics: Sendable {
  /// Of every channel: [C]. Not traced.
  public let mean: Tensor
  /// Of every channel, biased (divided by the number of values): [C]. Not traced.
  public let variance: Tensor
}

/// Batch normalisation with the statistics of the batch, for training (Ioffe and Szegedy, 2015,
/// arXiv 1502.03167): every channel to mean 0 and variance 1 over the batch, then scaled and
/// shifted. The gradient passes through the statistics.
///
/// - Parameters:
///   - x: [N, C, ...], not empty.
///   - scale: [C]
///   - shift: [C]
///   - epsilon: Added to the variance.
/// - Complexity: O(x.count)
public func batchNormalize(
  _ x: Tensor, scale: Tensor, shift: Tensor, epsilon: Scalar = 1e-5
) -> (output: Tensor, statistics: BatchStatistics) {
  let channels = channels(of: x, [scale, shift])
  let layer = BatchNormalization(
    batch: x.shape[0], channels: channels, area: x.shape.count(of: 2..<x.shape.rank),
    epsilon: epsilon)
  let (input, factors) = (x.detached, scale.detached)
  let mean = TensorStorage(uninitialized: channels)
  let variance = TensorStorage(uninitialized: channels)
  let output = Tensor.unsafeUninitialized(x.shape) { out in
    layer.forward(
      input: input.storage.pointer, scale: factors.storage.pointer, shift: shift.storage.pointer,
      output: out, mean: mean.pointer, variance: variance.pointer)
  }
  let result = traced(output, x, scale, shift) { gradient in
    let inputGradient = TensorStorage(uninitialized: input.count)
    let scaleGradient = TensorStorage(uninitialized: channels)
    let shiftGradient = TensorStorage(uninitialized: channels)
    layer.backward(
      input: input.storage.pointer, scale: factors.storage.pointer, mean: mean.pointer,
      variance: variance.pointer, outputGradient: gradient.storage.pointer,
      inputGradient: inputGradient.pointer, scaleGradient: scaleGradient.pointer,
      shiftGradient: shiftGradient.pointer)
    x.node.accumulate(Tensor(shape: input.shape, storage: inputGradient))
    scale.node.accumulate(Tensor(shape: [channels], storage: scaleGradient))
    shift.node.accumulate(Tensor(shape: [channels], storage: shiftGradient))
  }
  let statistics = BatchStatistics(
    mean: Tensor(shape: [channels], storage: mean),
    variance: Tensor(shape: [channels], storage: variance))
  return (result, statistics)
}

/// Batch normalisation with given statistics, for inference and for training with frozen ones: one
/// multiplication and one addition for each element.
///
/// - Parameters:
///   - x: [N, C, ...]
///   - scale: [C]
///   - shift: [C]
///   - mean: [C]
///   - variance: [C]
///   - epsilon: Added to the variance.
/// - Complexity: O(x.count)
public func batchNormalize(
  _ x: Tensor, scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor,
  epsilon: Scalar = 1e-5
) -> Tensor {
  let channels = channels(of: x, [scale, shift, mean, variance])
  // Lines the channels up with the second axis of x.
  let column = Shape([channels] + [Int](repeating: 1, count: x.shape.rank - 2))
  let factor = scale / (variance + epsilon).sqrt()
  return x * factor.reshaped(column) + (shift - mean * factor).reshaped(column)
}

private func channels(of x: Tensor, _ vectors: [Tensor]) -> Int {
  precondition(x.shape.rank >= 2, "batch normalisation of \(x.shape); [N, C, ...] is wanted")
  let channels = x.shape[1]
  for vector in vectors {
    precondition(
      vector.shape == [channels], "batch normalisation of \(x.shape) by a vector \(vector.shape)")
  }
  return channels
}
