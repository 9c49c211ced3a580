/// The shape of a two-dimensional convolution over `[N, C, H, W]`, padded by the same number of
/// zeros (or ignored cells, for pooling) on opposite sides.
package struct ConvolutionGeometry: Sendable, Hashable {
  package var batch: Int
  package var inputChannels: Int
  package var height: Int
  package var width: Int
  package var outputChannels: Int
  package var kernel: Int
  package var stride: Int
  package var padding: Int

  package init(
    batch: Int, inputChannels: Int, height: Int, width: Int, outputChannels: Int,
    kernel: Int, stride: Int = 1, padding: Int = 0
  ) {
    precondition(
      batch > 0 && inputChannels > 0 && outputChannels > 0 && kernel > 0 && stride > 0
        && padding >= 0 && padding < kernel,
      "a convolution needs positive sizes and a padding below its kernel \(kernel), not \(padding)")
    precondition(
      height + 2 * padding >= kernel && width + 2 * padding >= kernel,
      "a kernel of \(kernel) does not fit into \(height)x\(width) padded by \(padding)")
    self.batch = batch
    self.inputChannels = inputChannels
    self.height = height
    self.width = width
    self.outputChannels = outputChannels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  package var outputHeight: Int { (height + 2 * padding - kernel) / stride + 1 }
  package var outputWidth: Int { (width + 2 * padding - kernel) / stride + 1 }

  package var inputShape: [Int] { [batch, inputChannels, height, width] }
  package var outputShape: [Int] { [batch, outputChannels, outputHeight, outputWidth] }
  package var weightShape: [Int] { [outputChannels, inputChannels, kernel, kernel] }
}
