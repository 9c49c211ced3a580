public import NeuralNetworks
package import Tensors

/// Seq2Slate (Bello et al., 2018, arXiv 1810.02019): arranges a ranked list by pointing at its
/// candidates one after the other, each choice seeing the ones before it.
///
/// An LSTM reads the candidates in base order; another, started from its final state, is fed the
/// candidate chosen last (a learned "go" vector at first) and attends over the encodings. `n` may
/// vary from list to list. This is the training form; `Seq2SlateDecoder` serves.
public struct Seq2Slate: Module {
  /// The shape of the model.
  public let configuration: Seq2SlateConfiguration
  package let features: SlateFeatures
  let candidates: CandidateEncoder
  let input: Linear
  /// What the decoder reads before anything was chosen: [width].
  let go: Parameter
  let encoder: LSTM
  let decoder: LSTM
  let attention: PointerAttention
  /// What a score owes to how near a candidate lies to those chosen; our extension.
  let novelty: NoveltyNetwork?

  /// A fresh model. Throws `SlateError.configuration` when a field is out of range.
  public init(_ configuration: Seq2SlateConfiguration, seed: UInt64 = 0) throws(SlateError) {
    try configuration.validate()
    var random = RandomStream(seed: seed)
    self.configuration = configuration
    features = SlateFeatures(configuration, comparesCandidates: configuration.novelty)
    let spaces = configuration.novelty ? CandidateSpaces.count(features) : 0
    candidates = CandidateEncoder(configuration, random: &random)
    input = Linear(
      inputs: configuration.featureWidth, outputs: configuration.width, random: &random)
    go = Parameter(Tensor(normal: 0.1, shape: [configuration.width], random: &random))
    encoder = LSTM(
      inputs: configuration.width, hidden: configuration.cells, random: &random)
    decoder = LSTM(
      inputs: configuration.width, hidden: configuration.cells, random: &random)
    attention = PointerAttention(cells: configuration.cells, random: &random)
    novelty = spaces > 0 ? NoveltyNetwork(spaces: spaces, random: &random) : nil
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("features", candidates)
    list.add("input", input)
    list.add("go", go)
    list.add("encoder", encoder)
    list.add("decoder", decoder)
    list.add("attention", attention)
    if let novelty { list.add("novelty", novelty) }
  }

  /// What the encoder found out about a batch.
  package struct Encoded {
    /// Projected candidates, which the decoder reads: [n · lists, width].
    package let inputs: Tensor
    /// [n · lists, cells]
    package let encodings: Tensor
    /// `e W_e`: [n · lists, cells]
    let keys: Tensor
    /// The state after the last candidate of each list; padding is never read.
    let state: LSTM.State
  }

  package func encode(_ batch: SlateBatch, _ pass: Pass) -> Encoded {
    let rate = Scalar(configuration.dropout)
    let inputs = dropout(input(candidates(batch, pass), pass), rate: rate, pass)
    let rows = inputs.shape[0]
    let states = lstmSequence(
      projected: encoder.project(inputs, pass), recurrent: pass.read(encoder.recurrentWeight),
      batch: batch.lists.count)
    let encodings = dropout(states.slice(axis: 0, 0..<rows), rate: rate, pass)
    // Row -1 reads as zeros: the state of a list without candidates.
    let last = batch.lists.enumerated().map { b, list in
      list.count == 0 ? -1 : batch.row(list: b, candidate: list.count - 1)
    }
    return Encoded(
      inputs: inputs, encodings: encodings, keys: attention.keys(encodings, pass),
      state: LSTM.State(
        hidden: states.gatherRows(last),
        cell: states.gatherRows(last.map { $0 < 0 ? -1 : $0 + Int32(rows) })))
  }

  /// One step of decoding, as `decode` shows it.
  package struct Step {
    package let number: Int
    /// [lists, n]; -infinity for chosen candidates and padding.
    package let scores: Tensor
    /// False for chosen candidates and padding: [lists · n], list-major.
    package let mask: [Bool]
    /// What each list chose before, in order.
    package let chosen: [[Int]]
  }

  /// Decodes at most `steps` steps; `choose` gets each step and names the next candidate of every
  /// list (anything for a list without candidates left), or `nil` to stop.
  package func decode(
    _ encoded: Encoded, _ batch: SlateBatch, steps: Int, _ pass: Pass,
    choose: (Step) -> [Int]?
  ) {
    let (lists, n) = (batch.lists.count, batch.steps)
    var open = [UInt8](repeating: 0, count: lists * n)
    for (b, list) in batch.lists.enumerated() {
      for i in 0..<list.count { open[b * n + i] = 1 }
    }
    var chosen = [[Int]](repeating: [], count: lists)
    var state = encoded.state
    var previous = pass.read(go).reshaped([1, configuration.width])
      .gatherRows([Int32](repeating: 0, count: lists))
    var course = novelty.map { NoveltyCourse($0, batch) }
    for number in 0..<min(steps, n) {
      state = decoder.step(previous, state, pass)
      var scores = attention(keys: encoded.keys, decoded: state.hidden, open: open, pass)
      if let course, number > 0 { scores = scores + course.scores(pass) }
      let step = Step(
        number: number, scores: scores, mask: open.map { $0 != 0 }, chosen: chosen)
      guard let picks = choose(step) else { return }
      var rows = [Int32](repeating: -1, count: lists)
      for (b, list) in batch.lists.enumerated() where chosen[b].count < list.count {
        let pick = picks[b]
        precondition(
          pick >= 0 && pick < list.count && open[b * n + pick] == 1,
          "list \(b) cannot choose candidate \(pick) in step \(number)")
        open[b * n + pick] = 0
        chosen[b].append(pick)
        rows[b] = batch.row(list: b, candidate: pick)
        course?.choose(pick, list: b)
      }
      previous = encoded.inputs.gatherRows(rows)
    }
  }
}
