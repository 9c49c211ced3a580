/// Convolves images `[N, C, H, W]`, row-major, into feature maps; see `convolve`.
package func convolve(
  images x: Tensor, _ weight: Tensor, stride: Int = 1, padding: Int = 0,
  products: Convolution.Products = .float32
) -> FeatureMaps {
  convolve(x, x.shape.dimensions, .plain, weight, stride, padding, products)
}

/// Convolves feature maps, whose channels fill blocks; so must those of the result.
///
/// - Parameters:
///   - weight: [outputs, C, kernel, kernel]
///   - products: What is multiplied on the way forward and back.
/// - Complexity: O(kernel² · C) for each element of the result; up to four times fewer products
///   for 3x3 kernels of stride 1.
package func convolve(
  _ maps: FeatureMaps, _ weight: Tensor, stride: Int = 1, padding: Int = 0,
  products: Convolution.Products = .float32
) -> FeatureMaps {
  convolve(
    maps.values, [maps.batch, maps.channels, maps.height, maps.width], .blocked, weight, stride,
    padding, products)
}

private func convolve(
  _ x: Tensor, _ dimensions: [Int], _ order: MapOrder, _ weight: Tensor, _ stride: Int,
  _ padding: Int, _ products: Convolution.Products
) -> FeatureMaps {
  let convolution = Convolution(
    ConvolutionGeometry(
      Shape(dimensions), weight: weight.shape, stride: stride, padding: padding),
    input: order, output: .blocked, products: products)
  let (input, kernel) = (x.detached, weight.detached)
  let shape = FeatureMaps.shape(convolution.geometry.outputShape)
  let output = Tensor.unsafeUninitialized(shape) { out in
    convolution.forward(
      input: input.storage, weights: kernel.storage, bias: nil, output: out)
  }
  return FeatureMaps(
    blocked: traced(output, x, weight) { gradient in
      x.node.accumulate(
        Tensor.unsafeUninitialized(input.shape) { out in
          convolution.backwardInput(
            weights: kernel.storage, outputGradient: gradient.storage,
            inputGradient: out)
        })
      weight.node.accumulate(
        Tensor.unsafeUninitialized(kernel.shape) { out in
          convolution.backwardWeights(
            input: input.storage, outputGradient: gradient.storage,
            weightGradient: out, biasGradient: nil)
        })
    })
}
