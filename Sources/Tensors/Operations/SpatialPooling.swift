/// The largest value under each square window of every channel.
///
/// Padding never wins. Of equal values one alone receives the gradient.
/// - Parameters:
///   - x: [N, C, H, W]
///   - window: The extent of the window.
///   - stride: The step of the window in both directions; the window's extent unless given.
///   - padding: Ignored cells around every image, fewer than the window is wide.
/// - Returns: [N, C, (H + 2 · padding - window) / stride + 1, the same of W]
/// - Complexity: O(window²) for each element of the result.
public func maxPool(_ x: Tensor, window: Int, stride: Int? = nil, padding: Int = 0) -> Tensor {
  pool(.maximum, x, window, stride ?? window, padding)
}

/// The mean under each square window of every channel, over the cells that exist: padding is not
/// counted (`count_include_pad=False` in PyTorch).
///
/// - Parameters:
///   - x: [N, C, H, W]
///   - window: The extent of the window.
///   - stride: The step of the window in both directions; the window's extent unless given.
///   - padding: Ignored cells around every image, fewer than the window is wide.
/// - Returns: [N, C, (H + 2 · padding - window) / stride + 1, the same of W]
/// - Complexity: O(window²) for each element of the result.
public func averagePool(_ x: Tensor, window: Int, stride: Int? = nil, padding: Int = 0) -> Tensor {
  pool(.average, x, window, stride ?? window, padding)
}

private func pool(
  _ kind: Pooling.Kind, _ x: Tensor, _ window: Int, _ stride: Int, _ padding: Int
) -> Tensor {
  precondition(x.shape.rank == 4, "pooling \(x.shape); [N, C, H, W] is wanted")
  let geometry = ConvolutionGeometry(
    batch: x.shape[0], inputChannels: x.shape[1], height: x.shape[2], width: x.shape[3],
    outputChannels: x.shape[1], kernel: window, stride: stride, padding: padding)
  var positions: Pooling.Positions?
  let output = Tensor.unsafeUninitialized(Shape(geometry.outputShape)) { out in
    positions = Pooling.forward(kind, geometry, input: x.storage.pointer, output: out)
  }
  return traced(output, x) { [positions] gradient in
    x.node.accumulate(
      Tensor.unsafeUninitialized(Shape(geometry.inputShape)) { out in
        Pooling.backward(
          kind, geometry, positions: positions, outputGradient: gradient.storage.pointer,
          inputGradient: out)
      })
  }
}
