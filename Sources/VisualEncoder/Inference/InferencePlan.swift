import Images
import Tensors

/// An encoder compiled for one batch size and one arithmetic: normalisations folded, weights laid
/// out for this processor, activations in its favourite layout from end to end.
///
/// Immutable, so any number of workers share one plan; each has its own `InferenceWorkspace`.
/// The features of an image do not depend on the others in its batch.
package final class InferencePlan: Sendable {
  struct Block: Sendable {
    let name: String
    let steps: [FusedConvolution]
    /// The tensors that the steps leave.
    let tensors: [String]
    let downsample: FusedConvolution?
    let gate: GateTables?
    /// What one unit of the input and of the output is worth.
    let inputScale: Float
    let outputScale: Float
    /// The last block leaves floats, whatever the arithmetic.
    let output: ActivationFormat

    var convolutions: [FusedConvolution] { steps + [downsample].compactMap { $0 } }
  }

  package let batch: Int
  /// Images that go through the first blocks together; a divisor of `batch`.
  let slice: Int
  /// The blocks of the first two stages.
  let earlyBlocks: Int
  package let side: Int
  package let featureWidth: Int
  /// Rows of the category codes; 1 where the encoder has none.
  package let categoryRows: Int
  package let arithmetic: Arithmetic

  let normalization: Normalization
  let stem: FusedConvolution
  let blocks: [Block]

  /// - Parameters:
  ///   - precision: Another one than the bundle's, if given; `int8` needs a bundle with a
  ///     calibration.
  ///   - batch: Images computed at once; fewer may be given.
  package init(
    _ bundle: EncoderBundle, precision: EncoderConfiguration.Precision? = nil, batch: Int = 8
  ) {
    precondition(batch > 0, "a batch of \(batch) images")
    let configuration = bundle.configuration
    self.batch = batch
    side = configuration.preprocessing.crop
    featureWidth = configuration.featureWidth
    categoryRows = bundle.usesCategory ? configuration.categoryRows : 1
    normalization = configuration.preprocessing.normalization
    arithmetic = Arithmetic(precision ?? configuration.precision)
    slice = (1...Self.largestSlice(arithmetic)).last { batch.isMultiple(of: $0) } ?? 1

    var compiler = PlanCompiler(
      weights: bundle.weights, batch: slice, arithmetic: arithmetic,
      calibration: bundle.calibration)
    stem = compiler.stem(side: side, normalization)
    let residuals = configuration.architecture.residualBlocks
    // The pooling after the stem halves again.
    var height = (stem.geometry.outputHeight - 1) / 2 + 1
    var inputScale = compiler.scale(ResidualBlock.Step.stem.convolution)
    let early = configuration.architecture.blocks.prefix(2).reduce(0, +)
    earlyBlocks = early
    blocks = residuals.enumerated().map { index, residual in
      if index == early { compiler.batch = batch }
      let block = compiler.block(
        residual, height, inputScale: inputScale, isLast: index == residuals.count - 1,
        configuration)
      height = block.steps.last?.geometry.outputHeight ?? height
      inputScale = block.outputScale
      return block
    }
  }

  /// Two images of bytes fill the cache of a core, one of floats does.
  private static func largestSlice(_ arithmetic: Arithmetic) -> Int {
    arithmetic == .float32 ? 1 : 2
  }
}

extension PlanCompiler {
  fileprivate func block(
    _ block: ResidualBlock, _ side: Int, inputScale: Float, isLast: Bool,
    _ configuration: EncoderConfiguration
  ) -> InferencePlan.Block {
    let isGated = configuration.attention != .none
    let floats = ActivationFormat(arithmetic.activations.order)
    let output = isLast ? floats : arithmetic.activations
    let outputScale = isLast ? 1 : scale(block.name)

    var downsample: FusedConvolution?
    var shortcut = (scale: isLast ? 1 : inputScale, element: output.element)
    if let step = block.downsample {
      // What is gated or pooled afterwards is in floats; a sum takes as many bytes as its result.
      var target = Target(format: isGated ? floats : output)
      if target.format.element == .unsigned8 {
        target.format.element = .signed8
        target.scale = scale(step.convolution, largest: 127)
      }
      shortcut = (target.scale, target.format.element)
      downsample = convolution(step, side, side, inputScale: inputScale, to: target)
    }

    var (size, scale) = (side, inputScale)
    var steps: [FusedConvolution] = []
    for (index, step) in block.steps.enumerated() {
      var target = Target(format: arithmetic.activations, rectifies: true)
      if index < block.steps.count - 1 {
        target.scale = self.scale(step.convolution)
      } else if isGated {
        target = Target(format: floats)
      } else {
        target = Target(
          format: output, scale: outputScale, sum: shortcut.scale,
          sumElement: shortcut.element == output.element ? nil : shortcut.element, rectifies: true)
      }
      steps.append(convolution(step, size, size, inputScale: scale, to: target))
      scale = target.scale
      size = steps[index].geometry.outputHeight
    }
    let gate =
      isGated
      ? GateTables(
        block, height: size, width: size, order: floats.order, weights, configuration) : nil
    let inner = block.steps.dropLast().map(\.convolution)
    return InferencePlan.Block(
      name: block.name, steps: steps,
      tensors: inner + [isGated ? "\(block.name).gated" : block.name],
      downsample: downsample, gate: gate, inputScale: inputScale, outputScale: outputScale,
      output: output)
  }
}
