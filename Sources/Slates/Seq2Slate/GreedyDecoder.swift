import NeuralNetworks
import Synchronization
import Tensors

/// Greedy decoding without a tape: the form of a `Seq2Slate` model that serves.
///
/// Weights are copied once, turned for products along their rows; one call allocates next to
/// nothing, because its buffers are reused. Deterministic: equal scores go to the lower base
/// position. Safe to call from several tasks at once.
///
/// Complexity for n candidates, N steps and H cells: O(n H² + N (H² + n H)).
public final class GreedyDecoder: SlateDecoder {
  let configuration: Seq2SlateConfiguration
  let features: SlateFeatures
  let weights: Weights
  private let spare = Mutex<[DecoderBuffers]>([])

  /// More candidates than this are decoded in buffers that are not kept.
  private static let keptCandidates = 1024
  /// Buffers kept for calls to come: more callers at once than this allocate theirs.
  private static let keptBuffers = 16

  /// Copies the current weights of a model; later training does not change the decoder.
  public init(_ model: Seq2Slate) {
    configuration = model.configuration
    features = model.features
    weights = Weights(model)
  }

  /// Width of the visual vectors it reads.
  public var visualInputs: Int { configuration.visualInputs }

  /// Item features it reads, in order.
  public var featureNames: [String] { configuration.features.map(\.name) }

  /// The best `top` candidates one after the other, as positions in the base order of `list`.
  ///
  /// - Throws: `SlateError` when a visual vector is not finite or of another width than the model
  ///   was trained with, or when the model answers with NaN or infinity.
  public func decode(_ list: SlateList, top: Int = .max) throws(SlateError) -> [Int] {
    let count = min(max(top, 0), list.count)
    guard count > 0 else { return [] }
    if list.count == 1 { return [0] }
    var buffers = borrow(list.count)
    defer { giveBack(buffers) }
    try buffers.encode(list, features, weights)
    var order: [Int] = []
    order.reserveCapacity(count)
    while order.count < count {
      order.append(try buffers.choose(list, weights, isLast: order.count + 1 == count))
    }
    return order
  }

  /// All candidates by their score in the first step alone: a pointwise ranking from the same
  /// model, in O(n) attention, in which no choice sees another.
  public func decodeOneStep(_ list: SlateList, top: Int = .max) throws(SlateError) -> [Int] {
    let count = min(max(top, 0), list.count)
    guard count > 0 else { return [] }
    if list.count == 1 { return [0] }
    var buffers = borrow(list.count)
    defer { giveBack(buffers) }
    try buffers.encode(list, features, weights)
    try buffers.score(list, weights)
    let scores = buffers.scores
    let order = (0..<list.count).sorted {
      scores[$0] > scores[$1] || (scores[$0] == scores[$1] && $0 < $1)
    }
    return Array(order.prefix(count))
  }

  private func borrow(_ count: Int) -> DecoderBuffers {
    var buffers = spare.withLock { $0.popLast() } ?? DecoderBuffers(configuration)
    buffers.prepare(count)
    return buffers
  }

  private func giveBack(_ buffers: DecoderBuffers) {
    guard buffers.capacity <= Self.keptCandidates else { return }
    spare.withLock { if $0.count < Self.keptBuffers { $0.append(buffers) } }
  }

  /// The model's weights as the loops want them.
  package struct Weights: Sendable {
    let categories: [Scalar]
    let visual: Visual?
    let input: DenseWeights
    let encoderInput: DenseWeights
    let encoderRecurrent: DenseWeights
    let decoderInput: DenseWeights
    let decoderRecurrent: DenseWeights
    /// The gates' share of the "go" vector: [4 · cells].
    let go: [Scalar]
    let keys: DenseWeights
    let queries: DenseWeights
    let vector: [Scalar]

    struct Visual: Sendable {
      let projection: DenseWeights
      let gain: [Scalar]
      let bias: [Scalar]
      let missing: [Scalar]
    }

    package init(_ model: Seq2Slate) {
      categories = model.candidates.category?.weight.value.scalars ?? []
      visual = model.candidates.visual.map {
        Visual(
          projection: DenseWeights($0.projection.weight.value, bias: $0.projection.bias?.value),
          gain: $0.norm.weight.value.scalars, bias: $0.norm.bias.value.scalars,
          missing: $0.missing.value.scalars)
      }
      input = DenseWeights(model.input.weight.value, bias: model.input.bias?.value)
      encoderInput = DenseWeights(
        model.encoder.inputWeight.value, bias: model.encoder.bias.value)
      encoderRecurrent = DenseWeights(model.encoder.recurrentWeight.value)
      decoderInput = DenseWeights(
        model.decoder.inputWeight.value, bias: model.decoder.bias.value)
      decoderRecurrent = DenseWeights(model.decoder.recurrentWeight.value)
      var gates = [Scalar](repeating: 0, count: decoderInput.columns)
      Kernels.dense(model.go.value.scalars, decoderInput, into: &gates, rows: 1)
      go = gates
      keys = DenseWeights(model.attention.encoder.weight.value)
      queries = DenseWeights(model.attention.decoder.weight.value)
      vector = model.attention.vector.value.scalars
    }
  }
}
