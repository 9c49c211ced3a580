import Images
import Tensors

/// An encoder compiled for one batch size: normalisation folded, weights laid out for this
/// processor, activations in blocks of channels from end to end.
///
/// Immutable, so any number of workers share one plan; each has its own `InferenceWorkspace`.
/// The features of an image do not depend on the others in its batch.
package final class InferencePlan: Sendable {
  struct Block: Sendable {
    let steps: [FusedConvolution]
    let downsample: FusedConvolution?
    let gate: GateTables?
  }

  package let batch: Int
  package let side: Int
  package let featureWidth: Int
  /// Rows of the category codes; 1 where the encoder has none.
  package let categoryRows: Int

  let stem: FusedConvolution
  let blocks: [Block]

  /// - Parameter batch: Images computed at once; fewer may be given.
  package init(_ bundle: EncoderBundle, batch: Int = 4) {
    precondition(batch > 0, "a batch of \(batch) images")
    let configuration = bundle.configuration
    self.batch = batch
    side = configuration.preprocessing.crop
    featureWidth = configuration.featureWidth
    categoryRows = bundle.usesCategory ? configuration.categoryRows : 1
    let weights = bundle.weights

    stem = Self.compile(.stem, batch, side, side, weights, input: .plain, rectifies: true)
    // The pooling after the stem halves again.
    var height = (stem.geometry.outputHeight - 1) / 2 + 1
    var blocks: [Block] = []
    for block in configuration.architecture.residualBlocks {
      let gated = configuration.attention != .none
      var size = height
      var steps: [FusedConvolution] = []
      for (index, step) in block.steps.enumerated() {
        let isLast = index == block.steps.count - 1
        let convolution = Self.compile(
          step, batch, size, size, weights, addsToOutput: isLast && !gated,
          rectifies: !(isLast && gated))
        size = convolution.geometry.outputHeight
        steps.append(convolution)
      }
      blocks.append(
        Block(
          steps: steps,
          downsample: block.downsample.map {
            Self.compile($0, batch, height, height, weights, rectifies: false)
          },
          gate: gated
            ? GateTables(block, height: size, width: size, weights, configuration) : nil))
      height = size
    }
    self.blocks = blocks
  }

  private static func compile(
    _ step: ResidualBlock.Step, _ batch: Int, _ height: Int, _ width: Int,
    _ weights: EncoderWeights, input: FusedConvolution.Layout = .blocked,
    addsToOutput: Bool = false, rectifies: Bool
  ) -> FusedConvolution {
    let folded = FoldedConvolution(step, weights)
    return FusedConvolution(
      ConvolutionGeometry(
        batch: batch, inputChannels: step.inputChannels, height: height, width: width,
        outputChannels: step.outputChannels, kernel: step.kernel, stride: step.stride,
        padding: step.kernel / 2),
      weights: folded.weights, bias: folded.bias, input: input, addsToOutput: addsToOutput,
      rectifies: rectifies)
  }
}
