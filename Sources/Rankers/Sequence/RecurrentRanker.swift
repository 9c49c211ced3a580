public import NeuralNetworks
public import RankingData
public import Tensors

/// A recurrent network over the user's history, oldest event first, beside the candidate and all other
/// fields (after Hidasi et al., ICLR 2016).
///
/// Unlike an average or attention over the items themselves, it tells orders apart. A row reads the
/// last state, the mean or largest of all states, or those that matter to the candidate; then a head
/// `[read-out, candidate, other fields] -> 200 -> 80 -> 1`. A user without a history has a learned
/// vector in place of the read-out.
///
/// Nothing is padded: at every step only lists that still run take part, and the candidates of a
/// request share the states of their history. Except under the read-out `attention`, a user's memory
/// can be carried on by one event in O(1) (`carry`).
public struct RecurrentRanker: NeuralRanker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  /// The visual features, if any.
  public var visual: VisualBlock? {
    get { fields.visual }
    set { fields.visual = newValue }
  }
  package var fields: SequenceFields
  package let cell: RecurrentCell
  /// `[units]`: what a user without a history is read as.
  package let noHistory: Parameter
  package let attention: TargetAttention?
  package let head: MultilayerPerceptron

  /// See `Ranker`.
  public init(
    configuration: Configuration, input: RankerInput, seed: UInt64
  ) throws(RankerError) {
    try configuration.validate()
    self.configuration = configuration
    self.input = input
    let scale = Scalar(configuration.embeddingScale)
    let units = configuration.units
    var random = RandomStream(seed: seed)
    fields = try SequenceFields(
      input: input, unit: configuration.width, deviation: scale, random: &random)
    let width = fields.width
    cell =
      switch configuration.cell {
      case .lstm: .lstm(LSTM(inputs: width, hidden: units, orthogonal: &random))
      case .gru: .gru(GRU(inputs: width, hidden: units, random: &random))
      }
    noHistory = Parameter(Tensor(normal: scale, shape: [units], random: &random))
    attention =
      configuration.readOut == .attention
      ? TargetAttention(
        target: width, states: units, hidden: configuration.attentionHidden, random: &random)
      : nil
    head = MultilayerPerceptron(
      inputs: units + width + fields.contextWidth, hidden: configuration.hidden, outputs: 1,
      dropout: Scalar(configuration.dropout), random: &random)
  }

  /// A row is a whole history, so fewer of them are worth a core.
  public static var rowsWorthACore: Int { 64 }

  /// See `NeuralRanker`.
  public func forward(_ batch: RankingBatch, _ pass: Pass) -> RankerForward {
    let vectors = fields(batch, pass)
    let packed = PackedLists(offsets: vectors.lists.offsets)
    let states = cell(vectors.events.gatherRows(packed.events), packed, pass).hidden
    let read = readOut(states, packed, vectors, pass)
    return RankerForward(
      logits: logits(read, vectors, pass),
      penalty: vectors.penalty(configuration.l2))
  }

  /// `[count, units]`: what each row reads of its history's states.
  private func readOut(
    _ states: Tensor, _ packed: PackedLists, _ vectors: SequenceVectors, _ pass: Pass
  ) -> Tensor {
    let lists = vectors.lists
    if let attention {
      let pooled = attention(
        target: vectors.target, states: states.gatherRows(packed.positions), lists: lists, pass
      ).pooled
      return standingIn(pooled, empty: lists.rows.map { lists.events(of: Int($0)).isEmpty }, pass)
    }
    let pooled =
      switch configuration.readOut {
      case .mean: meanOfSegments(states.gatherRows(packed.positions), offsets: lists.offsets)
      case .max: maximumOfSegments(states.gatherRows(packed.positions), offsets: lists.offsets)
      case .last, .attention: states.gatherRows(packed.lastRows)
      }
    let empty = (0..<lists.count).map { lists.events(of: $0).isEmpty }
    return standingIn(pooled, empty: empty, pass).gatherRows(lists.rows)
  }

  /// Rows without a history, which are zeros, become the learned vector.
  func standingIn(_ pooled: Tensor, empty: [Bool], _ pass: Pass) -> Tensor {
    guard empty.contains(true) else { return pooled }
    let flags = Tensor(empty.map { $0 ? 1 : 0 }, shape: [empty.count, 1])
    return pooled + flags * pass.read(noHistory)
  }

  /// `[count]`: the head over a read-out `[count, units]` and the row's own vectors.
  func logits(_ read: Tensor, _ vectors: SequenceVectors, _ pass: Pass) -> Tensor {
    let parts = [read, vectors.target] + [vectors.context].compactMap { $0 }
    return head(concatenate(parts, axis: 1), pass).reshaped([read.shape[0]])
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("fields", fields)
    list.add("cell", cell)
    list.add("noHistory", noHistory)
    if let attention { list.add("attention", attention) }
    list.add("head", head)
  }
}

extension SequenceVectors {
  /// `λ/2 · Σ v²` over the vectors looked up, averaged over rows; nil without a λ. Only those, so that
  /// the gradient of the table stays sparse.
  package func penalty(_ l2: Double) -> Tensor? {
    guard l2 > 0, let first = lookedUp.first else { return nil }
    let squares = lookedUp.dropFirst().reduce(first.square().sum()) { $0 + $1.square().sum() }
    return squares * Scalar(l2 / 2 / Double(max(target.shape[0], 1)))
  }
}
