import CKernels

/// Batch normalisation of feature maps with the statistics of the batch, with ReLU behind it if
/// asked for; see `batchNormalize`.
package func batchNormalize(
  _ maps: FeatureMaps, scale: Tensor, shift: Tensor, epsilon: Scalar, rectifies: Bool
) -> (maps: FeatureMaps, statistics: BatchStatistics) {
  let channels = maps.channels
  precondition(
    scale.shape == [channels] && shift.shape == [channels],
    "normalising \(channels) channels by \(scale.shape) and \(shift.shape)")
  let layer = BatchNormalization(
    batch: maps.batch, channels: channels, area: maps.height * maps.width, epsilon: epsilon,
    order: .blocked, rectifies: rectifies)
  let x = maps.values
  let (input, factors) = (x.detached, scale.detached)
  let mean = TensorStorage(uninitialized: channels)
  let variance = TensorStorage(uninitialized: channels)
  var mask: BatchNormalization.Mask?
  let output = Tensor.unsafeUninitialized(x.shape) { out in
    mask = layer.forward(
      input: input.storage.pointer, scale: factors.storage.pointer, shift: shift.storage.pointer,
      output: out, mean: mean.pointer, variance: variance.pointer)
  }
  let result = traced(output, x, scale, shift) { [mask] gradient in
    let inputGradient = TensorStorage(uninitialized: input.count)
    let scaleGradient = TensorStorage(uninitialized: channels)
    let shiftGradient = TensorStorage(uninitialized: channels)
    layer.backward(
      input: input.storage.pointer, scale: factors.storage.pointer, mean: mean.pointer,
      variance: variance.pointer, mask: mask, outputGradient: gradient.storage.pointer,
      inputGradient: inputGradient.pointer, scaleGradient: scaleGradient.pointer,
      shiftGradient: shiftGradient.pointer)
    x.node.accumulate(Tensor(shape: input.shape, storage: inputGradient))
    scale.node.accumulate(Tensor(shape: [channels], storage: scaleGradient))
    shift.node.accumulate(Tensor(shape: [channels], storage: shiftGradient))
  }
  return (
    FeatureMaps(blocked: result),
    BatchStatistics(
      mean: Tensor(shape: [channels], storage: mean),
      variance: Tensor(shape: [channels], storage: variance))
  )
}

/// Batch normalisation with given statistics, and ReLU behind it if asked for: one multiplication
/// and one addition for each element.
package func batchNormalize(
  _ maps: FeatureMaps, scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor,
  epsilon: Scalar, rectifies: Bool
) -> FeatureMaps {
  let factor = scale / (variance + epsilon).sqrt()
  return affine(maps, factor, shift - mean * factor, least: rectifies ? 0 : -.infinity)
}

private func affine(
  _ maps: FeatureMaps, _ factors: Tensor, _ offsets: Tensor, least: Scalar
) -> FeatureMaps {
  precondition(
    factors.shape == [maps.channels] && offsets.shape == [maps.channels],
    "normalising \(maps.channels) channels by \(factors.shape) and \(offsets.shape)")
  let x = maps.values
  let (input, kept) = (x.detached, factors.detached)
  var geometry = maps.geometry
  let output = Tensor.unsafeUninitialized(x.shape) { out in
    vitrine_maps_affine(
      &geometry, input.storage.pointer, kept.storage.pointer, offsets.storage.pointer, least, out)
  }
  let result = traced(output, x, factors, offsets) { [geometry] gradient in
    var geometry = geometry
    let inputGradient = TensorStorage(uninitialized: input.count)
    let factorGradient = TensorStorage(uninitialized: kept.count)
    let offsetGradient = TensorStorage(uninitialized: kept.count)
    vitrine_maps_affine_gradient(
      &geometry, input.storage.pointer, kept.storage.pointer, least, output.storage.pointer,
      gradient.storage.pointer, inputGradient.pointer, factorGradient.pointer,
      offsetGradient.pointer)
    x.node.accumulate(Tensor(shape: input.shape, storage: inputGradient))
    factors.node.accumulate(Tensor(shape: kept.shape, storage: factorGradient))
    offsets.node.accumulate(Tensor(shape: kept.shape, storage: offsetGradient))
  }
  return FeatureMaps(blocked: result)
}

/// `ReLU(a + b)`, the end of a residual block.
package func addRectified(_ a: FeatureMaps, _ b: FeatureMaps) -> FeatureMaps {
  let (left, right) = (a.values, b.values)
  precondition(left.shape == right.shape, "adding \(left.shape) and \(right.shape)")
  let output = Tensor.unsafeUninitialized(left.shape) { out in
    vitrine_add_rectified(left.storage.pointer, right.storage.pointer, out, left.count)
  }
  return FeatureMaps(
    blocked: traced(output, left, right) { gradient in
      let arriving = Tensor.unsafeUninitialized(output.shape) { out in
        let result = output.storage.pointer
        vitrine_unary_gradient(
          VITRINE_RELU, result, result, gradient.storage.pointer, out, output.count)
      }
      left.node.accumulate(arriving)
      right.node.accumulate(arriving)
    })
}
