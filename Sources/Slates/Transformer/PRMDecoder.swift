import NeuralNetworks
import Synchronization
package import Tensors

/// Sorts lists without a tape: the form of a `PRM` model that serves.
///
/// Weights are copied once; buffers are reused. Deterministic: equal scores go to the lower base
/// position. Safe to call from several tasks at once. O(n² W + n W²) for n candidates of width W.
public final class PRMDecoder: SlateDecoder {
  /// See `SlateDecoder`.
  public let visualInputs: Int
  /// See `SlateDecoder`.
  public let featureNames: [String]
  private let weights: PRMWeights
  private let spare = Mutex<[PRMBuffers]>([])

  /// More candidates than this are scored in buffers that are not kept.
  private static let keptCandidates = 1024
  /// Buffers kept for calls to come: more callers at once than this allocate theirs.
  private static let keptBuffers = 16

  /// Copies the current weights of a model; later training does not change the decoder.
  public init(_ model: PRM) {
    visualInputs = model.configuration.visualInputs
    featureNames = model.configuration.features.map(\.name)
    weights = PRMWeights(model)
  }

  /// See `SlateDecoder`.
  public func decode(_ list: SlateList, top: Int) throws(SlateError) -> [Int] {
    let count = min(max(top, 0), list.count)
    guard count > 0, list.count > 1 else { return Array(0..<count) }
    let scores = try scores(of: list)
    let order = (0..<list.count).sorted {
      scores[$0] > scores[$1] || (scores[$0] == scores[$1] && $0 < $1)
    }
    return Array(order.prefix(count))
  }

  /// A score of every candidate.
  package func scores(of list: SlateList) throws(SlateError) -> [Scalar] {
    guard list.count > 0 else { return [] }
    var buffers = spare.withLock { $0.popLast() } ?? PRMBuffers()
    defer {
      if buffers.capacity <= Self.keptCandidates {
        spare.withLock { if $0.count < Self.keptBuffers { $0.append(buffers) } }
      }
    }
    let scores = try buffers.scores(list, weights)
    guard scores.allSatisfy(\.isFinite) else { throw .outputNotFinite(list: list.id) }
    return scores
  }
}

/// The weights of a `PRM` model as the loops that serve want them.
struct PRMWeights: Sendable {
  let candidates: CandidateRows.Weights
  let width: Int
  let heads: Int
  let input: PanelWeights
  /// [positions, width]
  let positions: [Scalar]
  let blocks: [Block]
  /// [width]
  let output: [Scalar]
  let outputBias: Scalar

  struct Block: Sendable {
    let projection: PanelWeights
    let mixing: PanelWeights
    let firstNorm: Norm
    let expansion: PanelWeights
    let contraction: PanelWeights
    let secondNorm: Norm
  }

  struct Norm: Sendable {
    let gain: [Scalar]
    let bias: [Scalar]
  }

  init(_ model: PRM) {
    let width = model.configuration.width
    candidates = CandidateRows.Weights(model.candidates, model.features, model.configuration)
    self.width = width
    heads = model.configuration.heads
    input = PanelWeights(model.input.weight.value, bias: model.input.bias?.value)
    positions = model.positions.value.scalars
    blocks = model.blocks.map { block in
      Block(
        projection: PanelWeights(
          block.projection.weight.value, bias: block.projection.bias?.value),
        mixing: PanelWeights(block.mixing.weight.value, bias: block.mixing.bias?.value),
        firstNorm: Norm(
          gain: block.firstNorm.weight.value.scalars, bias: block.firstNorm.bias.value.scalars),
        expansion: PanelWeights(block.expansion.weight.value, bias: block.expansion.bias?.value),
        contraction: PanelWeights(
          block.contraction.weight.value, bias: block.contraction.bias?.value),
        secondNorm: Norm(
          gain: block.secondNorm.weight.value.scalars, bias: block.secondNorm.bias.value.scalars))
    }
    output = model.output.weight.value.scalars
    outputBias = model.output.bias?.value.scalars[0] ?? 0
  }
}

/// The working memory of one call of `PRMDecoder`. Rows are padded as panels are.
struct PRMBuffers: Sendable {
  private(set) var capacity = 0
  private var candidates = CandidateRows()
  /// [n, padded width]
  private var x: [Scalar] = []
  private var projected: [Scalar] = []
  private var attended: [Scalar] = []
  private var part: [Scalar] = []
  private var expanded: [Scalar] = []
  private var shares: [Scalar] = []
  private var scratch: [Scalar] = []

  mutating func scores(_ list: SlateList, _ weights: PRMWeights) throws(SlateError) -> [Scalar] {
    let (n, width) = (list.count, weights.width)
    let stride = weights.input.columns
    prepare(n, weights)
    try candidates.describe(list, weights.candidates)
    Kernels.product(
      candidates.values, stride: weights.input.depth, weights.input, into: &x, rows: n)
    let positions = weights.positions.count / width
    for i in 0..<n {
      let position = min(i, positions - 1) * width
      for k in 0..<width { x[i * stride + k] += weights.positions[position + k] }
    }
    for block in weights.blocks { run(block, weights, n) }
    return (0..<n).map { i in
      var sum = weights.outputBias
      for k in 0..<width { sum += weights.output[k] * x[i * stride + k] }
      return sum
    }
  }

  private mutating func run(_ block: PRMWeights.Block, _ weights: PRMWeights, _ n: Int) {
    let (width, stride) = (weights.width, weights.input.columns)
    Kernels.product(x, stride: stride, block.projection, into: &projected, rows: n)
    Kernels.selfAttention(
      projected, stride: block.projection.columns, into: &attended, outStride: stride,
      shares: &shares, scratch: &scratch, count: n, width: width, heads: weights.heads)
    Kernels.product(attended, stride: stride, block.mixing, into: &part, rows: n)
    addPart(normalizedBy: block.firstNorm, n, width, stride)
    Kernels.product(x, stride: stride, block.expansion, into: &expanded, rows: n)
    let units = block.expansion.columns
    for index in 0..<n * units { expanded[index] = max(expanded[index], 0) }
    Kernels.product(expanded, stride: units, block.contraction, into: &part, rows: n)
    addPart(normalizedBy: block.secondNorm, n, width, stride)
  }

  /// x = norm(x + part)
  private mutating func addPart(
    normalizedBy norm: PRMWeights.Norm, _ n: Int, _ width: Int, _ stride: Int
  ) {
    for i in 0..<n {
      let start = i * stride
      var (sum, squares): (Scalar, Scalar) = (0, 0)
      for k in 0..<width {
        x[start + k] += part[start + k]
        sum += x[start + k]
      }
      let mean = sum / Scalar(width)
      for k in 0..<width {
        x[start + k] -= mean
        squares += x[start + k] * x[start + k]
      }
      let scale = 1 / (squares / Scalar(width) + 1e-5).squareRoot()
      for k in 0..<width { x[start + k] = x[start + k] * scale * norm.gain[k] + norm.bias[k] }
    }
  }

  private mutating func prepare(_ n: Int, _ weights: PRMWeights) {
    guard n > capacity else { return }
    capacity = n
    candidates.prepare(n, weights.candidates)
    let stride = weights.input.columns
    x.grow(to: n * stride)
    attended.grow(to: n * stride)
    part.grow(to: n * stride)
    projected.grow(to: n * (weights.blocks.first?.projection.columns ?? 0))
    expanded.grow(to: n * (weights.blocks.first?.expansion.columns ?? 0))
    shares.grow(to: weights.heads * n * n)
    scratch.grow(to: Kernels.selfAttentionScratch(n, weights.width, heads: weights.heads))
  }
}
