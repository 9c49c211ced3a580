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
    slice = Self.slice(of: batch, configuration.architecture, arithmetic, side: side)

    var compiler = PlanCompiler(
      weights: bundle.weights, batch: slice, arithmetic: arithmetic,
      calibration: bundle.calibration)
    stem = compiler.stem(configuration.architecture.stem, side: side, normalization)
    let residuals = configuration.architecture.residualBlocks
    // The pooling after the stem halves again.
    var height = (stem.geometry.outputHeight - 1) / 2 + 1
    var inputScale = compiler.scale(ResidualBlock.Step.stemName)
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

  /// As many images as leave room for one activation beside another in the cache of a core; a
  /// rule for all processors, since features must not depend on them.
  private static func slice(
    of batch: Int, _ architecture: Architecture, _ arithmetic: Arithmetic, side: Int
  ) -> Int {
    let quarter = (side + 3) / 4
    let channels = architecture.stemChannels * architecture.expansion
    let byteCount = channels * quarter * quarter * arithmetic.activations.element.byteCount
    let room = max(1, (512 << 10) / byteCount)
    return (1...room).last { batch.isMultiple(of: $0) } ?? 1
  }
}
