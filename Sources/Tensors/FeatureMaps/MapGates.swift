import CKernels

/// The passes over feature maps that gates consist of (CBAM; Woo et al., ECCV 2018).
extension FeatureMaps {
  /// What the channel gate reads: the mean of every channel, then its largest value,
  /// `[2 · N, C]`. Of equal values the first receives the gradient.
  package func channelSummary() -> Tensor {
    let x = values
    var geometry = self.geometry
    let count = batch * channels
    var positions = [Int32](repeating: 0, count: count)
    let summary = Tensor.unsafeUninitialized([2 * batch, channels]) { out in
      vitrine_maps_pool_channels(&geometry, x.storage.pointer, out, out + count, &positions)
    }
    return traced(summary, x) { [geometry, positions] gradient in
      var geometry = geometry
      x.node.accumulate(
        Tensor.unsafeUninitialized(x.shape) { out in
          let pointer = gradient.storage.pointer
          vitrine_maps_pool_channels_gradient(
            &geometry, pointer, pointer + count, positions, out)
        })
    }
  }

  /// Every channel times its gate, `[N, C]`.
  package func scaled(channels gates: Tensor) -> FeatureMaps {
    precondition(gates.shape == [batch, channels], "gates \(gates.shape) of \(values.shape)")
    return scaled(gates, vitrine_maps_scale_channels, vitrine_maps_scale_channels_gradient)
  }

  /// What the spatial gate reads: the largest value, then the mean over the channels of every pixel,
  /// `[N, 2, H, W]`. Of equal values the first channel's receives the gradient.
  package func pixelSummary() -> Tensor {
    let x = values
    var geometry = self.geometry
    var positions = [Int32](repeating: 0, count: batch * height * width)
    let summary = Tensor.unsafeUninitialized([batch, 2, height, width]) { out in
      vitrine_maps_pool_pixels(&geometry, x.storage.pointer, out, &positions)
    }
    return traced(summary, x) { [geometry, positions] gradient in
      var geometry = geometry
      x.node.accumulate(
        Tensor.unsafeUninitialized(x.shape) { out in
          vitrine_maps_pool_pixels_gradient(
            &geometry, gradient.storage.pointer, positions, out)
        })
    }
  }

  /// Every pixel times its gate, `[N, 1, H, W]`.
  package func scaled(pixels gates: Tensor) -> FeatureMaps {
    precondition(
      gates.shape == [batch, 1, height, width], "gates \(gates.shape) of \(values.shape)")
    return scaled(gates, vitrine_maps_scale_pixels, vitrine_maps_scale_pixels_gradient)
  }

  private typealias Numbers = UnsafePointer<Scalar>
  private typealias Results = UnsafeMutablePointer<Scalar>

  private func scaled(
    _ gates: Tensor,
    _ forward: (UnsafePointer<vitrine_maps>, Numbers, Numbers, Results) -> Void,
    _ backward:
      @escaping (
        UnsafePointer<vitrine_maps>, Numbers, Numbers, Numbers, Results, Results
      ) -> Void
  ) -> FeatureMaps {
    let x = values
    let (input, kept) = (x.detached, gates.detached)
    var geometry = self.geometry
    let output = Tensor.unsafeUninitialized(x.shape) { out in
      forward(&geometry, input.storage.pointer, kept.storage.pointer, out)
    }
    return FeatureMaps(
      blocked: traced(output, x, gates) { [geometry] gradient in
        var geometry = geometry
        let inputGradient = TensorStorage(uninitialized: input.count)
        let gateGradient = TensorStorage(uninitialized: kept.count)
        backward(
          &geometry, input.storage.pointer, kept.storage.pointer, gradient.storage.pointer,
          inputGradient.pointer, gateGradient.pointer)
        x.node.accumulate(Tensor(shape: input.shape, storage: inputGradient))
        gates.node.accumulate(Tensor(shape: kept.shape, storage: gateGradient))
      })
  }
}
