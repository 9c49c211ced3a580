public import NeuralNetworks
public import RankingData
public import Tensors

/// SLi-Rec (Yu et al., IJCAI 2019): what a user has long liked and what the user is up to now, mixed for
/// each candidate.
///
/// The long-term interest is an attentive average of the history's items, the short-term interest
/// attention over the states of a Time-LSTM, which knows how long ago each event was and how long
/// after the one before. A small network looks at the candidate, at both interests and at how long ago
/// the most recent event was, and mixes them; a head with batch normalisation and Dice reads
/// candidate, mixture and all other fields.
///
/// All states depend on the moment of the request, so none can be kept between requests; but all
/// candidates of a request share one pass over the history, and only attention, mixture and head are
/// worked out for each.
///
/// The authors end in a softmax over two classes; the difference of its two logits is the one logit
/// here, with the same likelihood. Their code halves that loss, attends to padding, and mixes by the
/// recency of padding; this follows the paper. A user without events has zeros for both interests.
public struct SLiRec: NeuralRanker {
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
  package let longTerm: AttentiveAverage
  package let recurrent: TimeLSTM
  package let attention: TargetAttention
  package let fusion: MultilayerPerceptron?
  package let norm: BatchNorm2D
  package let head: MultilayerPerceptron

  /// See `Ranker`.
  public init(
    configuration: Configuration, input: RankerInput, seed: UInt64
  ) throws(RankerError) {
    try configuration.validate()
    if let history = input.layout.historyBag, !input.layout.agedBags.contains(history) {
      throw .configuration(
        key: "schema", value: "a history without ages",
        reason: "sli_rec reads how long ago each event was: write "
          + "'{name: history, ages: true}' under multi_valued, with a 'timestamp' column")
    }
    self.configuration = configuration
    self.input = input
    var random = RandomStream(seed: seed)
    fields = try SequenceFields(
      input: input, unit: configuration.width,
      deviation: Scalar(configuration.embeddingScale), random: &random)
    let width = fields.width
    longTerm = AttentiveAverage(
      width: width, units: configuration.longTermUnits, random: &random)
    recurrent = TimeLSTM(inputs: width, hidden: width, random: &random)
    attention = TargetAttention(
      target: width, states: width, hidden: configuration.attentionHidden, random: &random)
    fusion =
      configuration.fusion == .adaptive
      ? MultilayerPerceptron(
        inputs: 3 * width + 1, hidden: configuration.fusionHidden, outputs: 1,
        activation: .sigmoid, random: &random)
      : nil
    let inputs = 2 * width + fields.contextWidth
    norm = BatchNorm2D(channels: inputs)
    head = MultilayerPerceptron(
      inputs: inputs, hidden: configuration.hidden, outputs: 1, activation: .dice,
      dropout: Scalar(configuration.dropout), initialization: .fanIn, random: &random)
  }

  /// See `NeuralRanker`.
  public func forward(_ batch: RankingBatch, _ pass: Pass) -> RankerForward {
    let vectors = fields(batch, pass)
    let interests = interests(vectors, pass)
    let user =
      interests.short + interests.longShare * (interests.long - interests.short)
    let parts = [vectors.target, user] + [vectors.context].compactMap { $0 }
    let logits = head(norm(concatenate(parts, axis: 1), pass), pass)
    return RankerForward(
      logits: logits.reshaped([batch.count]), penalty: vectors.penalty(configuration.l2))
  }

  /// What a user likes, in the space of the candidate.
  package struct Interests {
    /// `[count, width]`
    package let long: Tensor
    /// `[count, width]`
    package let short: Tensor
    /// `[count, 1]`, or one number: α.
    package let longShare: Tensor
  }

  /// Long-term and short-term interest of each row.
  package func interests(_ vectors: SequenceVectors, _ pass: Pass) -> Interests {
    let lists = vectors.lists
    let times = EventTimes(lists)
    let packed = PackedLists(offsets: lists.offsets)
    func column(_ values: [Scalar]) -> Tensor {
      Tensor(packed.events.map { values[Int($0)] }, shape: [lists.eventCount, 1])
    }
    let states = recurrent.sequence(
      vectors.events.gatherRows(packed.events), intervals: column(times.intervals),
      recencies: column(times.recencies), packed, pass)
    let short = attention(
      target: vectors.target, states: states.hidden.gatherRows(packed.positions), lists: lists,
      pass
    ).pooled
    let long = longTerm(vectors.events, offsets: lists.offsets, pass).gatherRows(lists.rows)
    return Interests(
      long: long, short: short,
      longShare: longShare(vectors.target, long, short, times, lists, pass))
  }

  private func longShare(
    _ target: Tensor, _ long: Tensor, _ short: Tensor, _ times: EventTimes, _ lists: SharedLists,
    _ pass: Pass
  ) -> Tensor {
    guard let fusion else {
      guard case .fixed(let share) = configuration.fusion else { return Tensor(scalar: 0) }
      return Tensor(scalar: Scalar(share))
    }
    let recency = Tensor(
      lists.rows.map { times.lastRecencies[Int($0)] }, shape: [lists.rows.count, 1])
    return fusion(concatenate([target, long, short, recency], axis: 1), pass).sigmoid()
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("fields", fields)
    list.add("longTerm", longTerm)
    list.add("recurrent", recurrent)
    list.add("attention", attention)
    if let fusion { list.add("fusion", fusion) }
    list.add("norm", norm)
    list.add("head", head)
  }
}
