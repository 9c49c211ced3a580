import CKernels

/// The largest value under each square window of every channel; see `maxPool`.
package func maxPool(
  _ maps: FeatureMaps, window: Int, stride: Int, padding: Int
) -> FeatureMaps {
  let geometry = ConvolutionGeometry(
    batch: maps.batch, inputChannels: maps.channels, height: maps.height, width: maps.width,
    outputChannels: maps.channels, kernel: window, stride: stride, padding: padding)
  let x = maps.values
  var positions: Pooling.Positions?
  let output = Tensor.unsafeUninitialized(FeatureMaps.shape(geometry.outputShape)) { out in
    positions = Pooling.forward(
      .maximum, geometry, order: .blocked, input: x.storage.pointer, output: out)
  }
  return FeatureMaps(
    blocked: traced(output, x) { [positions] gradient in
      x.node.accumulate(
        Tensor.unsafeUninitialized(x.shape) { out in
          Pooling.backward(
            .maximum, geometry, order: .blocked, positions: positions,
            outputGradient: gradient.storage.pointer, inputGradient: out)
        })
    })
}

/// The mean of every channel: `[N, C]`, the end of a residual network.
package func channelMeans(_ maps: FeatureMaps) -> Tensor {
  let x = maps.values
  var geometry = maps.geometry
  let means = Tensor.unsafeUninitialized([maps.batch, maps.channels]) { out in
    vitrine_maps_pool_channels(&geometry, x.storage.pointer, out, nil, nil)
  }
  return traced(means, x) { [geometry] gradient in
    var geometry = geometry
    x.node.accumulate(
      Tensor.unsafeUninitialized(x.shape) { out in
        vitrine_maps_pool_channels_gradient(&geometry, gradient.storage.pointer, nil, nil, out)
      })
  }
}
