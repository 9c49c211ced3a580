public import NeuralNetworks
package import Tensors

/// Frozen visual vectors as features of a ranker: a trained projection of each vector, a learned
/// vector for a missing image, and flags that tell the two apart.
///
/// The vectors themselves are no parameters: they are attached after building or loading, and each
/// distinct image of a batch is projected once. `prepare()` projects the whole table once and for
/// all, after which scoring does no work of the encoder's width.
///
/// Image features of one encoder all lie close to their mean; the projection therefore sees them
/// centred and scaled by statistics of the training table, which are saved with the parameters.
public struct VisualBlock: Module {
  /// What the vectors must be.
  public let input: RankerInput.Visual
  /// Numbers in a projected vector.
  package let width: Int
  package let projection: Linear
  package let norm: LayerNorm?
  /// `[width]`: stands in for the projection of a missing image.
  package let missing: Parameter
  /// `[width]`: stands in for the mean over a history without images; nil if none is read.
  package let noHistory: Parameter?
  /// `[input.width]`: the mean vector of the training table. Not trained.
  package let center: Parameter
  /// `[1]`: brings the centred vectors to unit variance. Not trained.
  package let scale: Parameter
  package var source = VisualSource.none

  /// - Parameters:
  ///   - normalized: whether a layer norm follows the projection.
  ///   - history: whether the mean over the user's history is read too.
  package init(
    input: RankerInput.Visual, width: Int, normalized: Bool, history: Bool, deviation: Scalar,
    random: inout RandomStream
  ) {
    self.input = input
    self.width = width
    projection = Linear(inputs: input.width, outputs: width, random: &random)
    norm = normalized ? LayerNorm(width: width) : nil
    missing = Parameter(Tensor(normal: deviation, shape: [width], random: &random))
    noHistory =
      history ? Parameter(Tensor(normal: deviation, shape: [width], random: &random)) : nil
    center = Parameter(Tensor(zeros: [input.width]), trainable: false)
    scale = Parameter(Tensor(repeating: 1, shape: [1]), trainable: false)
    if let norm {
      // Unit length, so that the product of two images starts in -1 ... 1 rather than -width ... width.
      norm.weight.value = Tensor(repeating: 1 / Scalar(width).squareRoot(), shape: [width])
    }
  }

  /// Flags a call returns for each row.
  package var flagCount: Int { noHistory == nil ? 1 : 2 }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("projection", projection)
    if let norm { list.add("norm", norm) }
    list.add("missing", missing)
    if let noHistory { list.add("noHistory", noHistory) }
    list.add("center", center)
    list.add("scale", scale)
  }
}
