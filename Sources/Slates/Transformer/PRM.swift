public import NeuralNetworks
package import Tensors

/// The personalised re-ranking model (Pei et al., RecSys 2019, arXiv 1904.06813): a transformer
/// encoder reads a ranked list and scores its candidates, each seeing all others; the scores sort.
///
/// A candidate's numbers are projected and get a learned embedding of their rank in the base order,
/// which is all that the model knows of that order. Blocks normalise behind each part, as published.
/// The base ranker's score stands for the paper's pre-trained personalised vector. Unlike
/// `Seq2Slate`, no choice sees another: a list costs one pass, however long its slate.
///
/// This is the training form; `PRMDecoder` serves.
public struct PRM: Module {
  /// The shape of the model.
  public let configuration: PRMConfiguration
  package let features: SlateFeatures
  let candidates: CandidateEncoder
  let input: Linear
  /// [positions, width]
  let positions: Parameter
  let blocks: [TransformerBlock]
  let output: Linear

  /// A fresh model. Throws `SlateError.configuration` when a field is out of range.
  public init(_ configuration: PRMConfiguration, seed: UInt64 = 0) throws(SlateError) {
    try configuration.validate()
    var random = RandomStream(seed: seed)
    self.configuration = configuration
    features = SlateFeatures(configuration)
    candidates = CandidateEncoder(configuration, random: &random)
    input = Linear(
      inputs: configuration.featureWidth, outputs: configuration.width, random: &random)
    positions = Parameter(
      Tensor(
        normal: 0.1, shape: [configuration.positions, configuration.width], random: &random))
    var blocks: [TransformerBlock] = []
    for _ in 0..<configuration.blocks {
      blocks.append(TransformerBlock(configuration, random: &random))
    }
    self.blocks = blocks
    output = Linear(inputs: configuration.width, outputs: 1, random: &random)
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("features", candidates)
    list.add("input", input)
    list.add("positions", positions)
    list.add("blocks", blocks)
    list.add("output", output)
  }

  /// A score of every candidate: [lists, n]. Those in the padding say nothing.
  package func scores(_ batch: SlateBatch, _ pass: Pass) -> Tensor {
    let (lists, n) = (batch.lists.count, batch.steps)
    let ranks = (0..<n).flatMap { rank in
      [Int32](repeating: Int32(min(rank, configuration.positions - 1)), count: lists)
    }
    let rate = Scalar(configuration.dropout)
    var x = dropout(
      input(candidates(batch, pass), pass) + pass.read(positions).gatherRows(ranks), rate: rate,
      pass)
    let counts = batch.lists.map(\.count)
    for block in blocks { x = block(x, counts, dropout: rate, pass) }
    return output(x, pass).reshaped([n, lists]).transposed()
  }
}

/// Attention among the candidates of a list, then a network for each of them; both are added to what
/// came in, and normalised.
struct TransformerBlock: Module {
  let heads: Int
  /// Queries, keys and values: [3 · width, width].
  let projection: Linear
  let mixing: Linear
  let firstNorm: LayerNorm
  let expansion: Linear
  let contraction: Linear
  let secondNorm: LayerNorm

  init(_ configuration: PRMConfiguration, random: inout RandomStream) {
    let width = configuration.width
    heads = configuration.heads
    projection = Linear(inputs: width, outputs: 3 * width, random: &random)
    mixing = Linear(inputs: width, outputs: width, random: &random)
    firstNorm = LayerNorm(width: width)
    expansion = Linear(inputs: width, outputs: configuration.feedForward, random: &random)
    contraction = Linear(inputs: configuration.feedForward, outputs: width, random: &random)
    secondNorm = LayerNorm(width: width)
  }

  /// x [n · lists, width], time-major.
  func callAsFunction(_ x: Tensor, _ counts: [Int], dropout rate: Scalar, _ pass: Pass) -> Tensor {
    let mixed = mixing(
      selfAttention(projected: projection(x, pass), counts: counts, heads: heads), pass)
    let seen = firstNorm(x + dropout(mixed, rate: rate, pass), pass)
    let thought = contraction(expansion.rectified(seen, pass), pass)
    return secondNorm(seen + dropout(thought, rate: rate, pass), pass)
  }

  func collect(into list: inout ParameterList) {
    list.add("attention", projection)
    list.add("mixing", mixing)
    list.add("norm1", firstNorm)
    list.add("expansion", expansion)
    list.add("contraction", contraction)
    list.add("norm2", secondNorm)
  }
}
