/// Two-dimensional convolution (cross-correlation, as every network library has it).
///
/// - Parameters:
///   - x: [N, C, H, W]
///   - weight: [outputs, C, kernel, kernel]
///   - bias: [outputs]
///   - stride: The step of the window in both directions.
///   - padding: Zeros around every image, fewer than the kernel is wide.
/// - Returns: [N, outputs, (H + 2 · padding - kernel) / stride + 1, the same of W]
/// - Complexity: O(kernel² · C) for each element of the result.
public func convolve(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: Int = 1, padding: Int = 0
) -> Tensor {
  let geometry = ConvolutionGeometry(
    x.shape, weight: weight.shape, stride: stride, padding: padding)
  if let bias {
    precondition(
      bias.shape == [geometry.outputChannels],
      "a bias \(bias.shape) for a convolution by \(weight.shape)")
  }
  let convolution = Convolution(geometry)
  let (input, kernel) = (x.detached, weight.detached)
  let output = Tensor.unsafeUninitialized(Shape(geometry.outputShape)) { out in
    convolution.forward(
      input: input.storage, weights: kernel.storage,
      bias: bias.map { UnsafePointer($0.storage.pointer) }, output: out)
  }
  return traced(output, parents: [x, weight] + (bias.map { [$0] } ?? [])) { gradient in
    x.node.accumulate(
      Tensor.unsafeUninitialized(input.shape) { out in
        convolution.backwardInput(
          weights: kernel.storage, outputGradient: gradient.storage,
          inputGradient: out)
      })
    guard weight.node != nil || bias?.node != nil else { return }
    let weightGradient = TensorStorage(uninitialized: kernel.count)
    let biasGradient = bias.map { TensorStorage(uninitialized: $0.count) }
    convolution.backwardWeights(
      input: input.storage, outputGradient: gradient.storage,
      weightGradient: weightGradient.pointer, biasGradient: biasGradient?.pointer)
    weight.node.accumulate(Tensor(shape: kernel.shape, storage: weightGradient))
    if let bias, let biasGradient {
      bias.node.accumulate(Tensor(shape: bias.shape, storage: biasGradient))
    }
  }
}

extension ConvolutionGeometry {
  /// The geometry of a convolution of `x` [N, C, H, W] by `weight` [outputs, C, kernel, kernel].
  init(_ x: Shape, weight: Shape, stride: Int, padding: Int) {
    precondition(
      x.rank == 4 && weight.rank == 4 && weight[1] == x[1] && weight[2] == weight[3],
      "convolving \(x) by \(weight); [N, C, H, W] and [outputs, C, kernel, kernel] are wanted")
    self.init(
      batch: x[0], inputChannels: x[1], height: x[2], width: x[3], outputChannels: weight[0],
      kernel: weight[2], stride: stride, padding: padding)
  }
}
