import Synchronization

/// Decoding without a tape: the form of a `Seq2Slate` model that serves.
///
/// Weights are copied once, laid out for the products of one request; one call allocates next to
/// nothing, because its buffers are reused. Deterministic: equal scores go to the lower base
/// position. Safe to call from several tasks at once.
///
/// Complexity for n candidates, N places, H cells and k slates side by side (a beam's width, or the
/// samples): O(n H² + k N (H² + n H)).
public final class Seq2SlateDecoder: SlateDecoder {
  /// Judges an order, given as positions in the base order of the list: higher is better, and NaN is
  /// worse than anything.
  public typealias Evaluator = @Sendable (_ list: SlateList, _ order: [Int]) -> Double

  /// How it chooses.
  public let decoding: Decoding
  /// See `SlateDecoder`.
  public let visualInputs: Int
  /// See `SlateDecoder`.
  public let featureNames: [String]
  private let weights: Seq2SlateWeights
  private let evaluator: Evaluator?
  private let spare = Mutex<[DecoderBuffers]>([])

  /// Buffers kept for calls to come: more callers at once than this allocate theirs.
  private static let keptBuffers = 16

  /// Copies the current weights of a model; later training does not change the decoder.
  ///
  /// - Parameter evaluator: chooses among what a beam or several samples propose, in the place of
  ///   their probability.
  /// - Throws: `SlateError.configuration` when a field of `decoding` is out of range.
  public convenience init(
    _ model: Seq2Slate, decoding: Decoding, evaluator: Evaluator? = nil
  ) throws(SlateError) {
    try decoding.validate()
    self.init(model, valid: decoding, evaluator)
  }

  /// Decodes greedily.
  public convenience init(_ model: Seq2Slate) { self.init(model, valid: .greedy, nil) }

  private init(_ model: Seq2Slate, valid decoding: Decoding, _ evaluator: Evaluator?) {
    self.decoding = decoding
    self.evaluator = evaluator
    visualInputs = model.configuration.visualInputs
    featureNames = model.configuration.features.map(\.name)
    weights = Seq2SlateWeights(model)
  }

  /// See `SlateDecoder`.
  public func decode(_ list: SlateList, top: Int) throws(SlateError) -> [Int] {
    let count = min(max(top, 0), list.count)
    guard count > 0, list.count > 1 else { return Array(0..<count) }
    var buffers = borrow()
    defer { giveBack(buffers) }
    try buffers.encode(list, weights)
    switch decoding {
    case .greedy: return try buffers.greedy(list, weights, count)
    case .oneStep: return try buffers.oneStep(list, weights, count)
    case .beam, .sampling: return best(try proposals(list, count, &buffers), list)
    }
  }

  /// Every order that the way of decoding considers: the beam, most probable first; all samples, in
  /// the order they were drawn; one order otherwise.
  /// - Throws: as `decode`.
  public func proposals(
    _ list: SlateList, top: Int = .max
  ) throws(SlateError) -> [SlateProposal] {
    let count = min(max(top, 0), list.count)
    guard count > 0, list.count > 1 else {
      return [SlateProposal(order: Array(0..<count), logProbability: 0)]
    }
    var buffers = borrow()
    defer { giveBack(buffers) }
    try buffers.encode(list, weights)
    return try proposals(list, count, &buffers)
  }

  /// log p of an order, which may leave candidates out behind its last place.
  /// - Parameter order: distinct positions in the base order of the list.
  /// - Throws: as `decode`.
  public func logProbability(
    of order: [Int], _ list: SlateList
  ) throws(SlateError) -> Double {
    precondition(
      Set(order).count == order.count && order.allSatisfy(list.ids.indices.contains),
      "\(order) is no order of some of \(list.count) candidates")
    guard !order.isEmpty, list.count > 1 else { return 0 }
    var buffers = borrow()
    defer { giveBack(buffers) }
    try buffers.encode(list, weights)
    return try buffers.logProbability(of: order, list, weights)
  }

  private func proposals(
    _ list: SlateList, _ count: Int, _ buffers: inout DecoderBuffers
  ) throws(SlateError) -> [SlateProposal] {
    switch decoding {
    case .greedy: return try buffers.beam(list, weights, count, width: 1)
    case .oneStep:
      let order = try buffers.oneStep(list, weights, count)
      return [
        SlateProposal(
          order: order, logProbability: try buffers.logProbability(of: order, list, weights))
      ]
    case .beam(let width): return try buffers.beam(list, weights, count, width: width)
    case .sampling(let temperature, let samples, let seed):
      return try buffers.samples(
        list, weights, count, temperature: temperature, samples: samples, seed: seed)
    }
  }

  /// The best by the evaluator, or the most probable; the first wins a tie.
  private func best(_ proposals: [SlateProposal], _ list: SlateList) -> [Int] {
    guard proposals.count > 1 else { return proposals.first?.order ?? [] }
    let values = proposals.map { proposal in
      let value = evaluator.map { $0(list, proposal.order) } ?? proposal.logProbability
      return value.isNaN ? -.infinity : value
    }
    var best = 0
    for index in values.indices where values[index] > values[best] { best = index }
    return proposals[best].order
  }

  private func borrow() -> DecoderBuffers {
    spare.withLock { $0.popLast() } ?? DecoderBuffers()
  }

  private func giveBack(_ buffers: DecoderBuffers) {
    guard buffers.isWorthKeeping else { return }
    spare.withLock { if $0.count < Self.keptBuffers { $0.append(buffers) } }
  }
}
