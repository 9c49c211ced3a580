public import NeuralNetworks
public import RankingData
public import Tensors

/// The Deep Interest Network (Zhou et al., KDD 2018, arXiv 1706.06978): the user's history is summed
/// with a weight for each event that depends on the candidate, so that a user of many interests is seen
/// by the one that the candidate is about.
///
/// Sum, candidate and all other fields pass through a network with Dice. The weights come from an
/// `AttentionUnit`; without a softmax, as in the paper, their sum tells how strong the interest is.
/// Candidate and events are the item, its attributes that the history knows, and its image.
public struct DIN: NeuralRanker {
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
  package let attention: AttentionUnit
  package let norm: InputNorm
  package let network: MultilayerPerceptron
  /// `[items, 1]`: what an item brings by itself; nil if it brings nothing.
  package let itemBias: Parameter?
  private let itemField: Int
  private var penalty: MiniBatchAwarePenalty?
  /// The attention unit as a kernel, in a copy for scoring.
  private var kernel: PairAttention?

  /// See `Ranker`.
  ///
  /// - Throws: `RankerError.configuration` also where the schema has no history or no item field.
  public init(
    configuration: Configuration, input: RankerInput, seed: UInt64
  ) throws(RankerError) {
    try configuration.validate()
    self.configuration = configuration
    self.input = input
    var random = RandomStream(seed: seed)
    fields = try SequenceFields(
      input: input, unit: configuration.width,
      deviation: Scalar(configuration.embeddingScale), random: &random)
    attention = AttentionUnit(
      width: fields.width, hidden: configuration.attentionHidden,
      activation: configuration.attentionActivation, normalize: configuration.normalize,
      scale: 1 / Scalar(fields.width).squareRoot(), random: &random)
    let inputs = 2 * fields.width + fields.contextWidth
    norm = InputNorm(configuration.normalization, width: inputs)
    network = MultilayerPerceptron(
      inputs: inputs, hidden: configuration.hidden, outputs: 1,
      activation: configuration.activation, dropout: Scalar(configuration.dropout),
      random: &random)
    itemField = input.layout.itemField ?? 0
    itemBias =
      configuration.itemBias
      ? Parameter(Tensor(zeros: [input.layout.categorical[itemField].rows, 1])) : nil
    penalty = configuration.regularization.map { MiniBatchAwarePenalty(lambda: $0.lambda) }
  }

  /// See `NeuralRanker`.
  public func forward(_ batch: RankingBatch, _ pass: Pass) -> RankerForward {
    let read = fields(batch, pass)
    let parts = [interest(in: read, pass), read.target] + [read.context].compactMap { $0 }
    let head = norm(concatenate(parts, axis: 1), pass)
    let logits = network(head, pass).reshaped([batch.count])
    guard let itemBias else { return RankerForward(logits: logits) }
    let count = Int32(itemBias.value.shape[0])
    let items = batch.categorical[itemField].map { $0 >= 0 && $0 < count ? $0 : 0 }
    return RankerForward(logits: logits + pass.gather(itemBias, items).reshaped([batch.count]))
  }

  /// The weighted sum of each row's history: `[count, width]`.
  private func interest(in read: SequenceVectors, _ pass: Pass) -> Tensor {
    if let kernel, !pass.isTraining {
      return attention(target: read.target, events: read.events, lists: read.lists, by: kernel)
        .pooled
    }
    return attention(target: read.target, events: read.events, lists: read.lists, pass).pooled
  }

  /// The regularisation of the vectors present, if asked for.
  public func batchPenalty(_ batch: RankingBatch, _ pass: Pass) -> Tensor? {
    penalty?(batch, fields, pass)
  }

  /// Counts how often ids occur, where the regularisation asks for it.
  public mutating func study(_ training: some RankingBatchSource) {
    penalty?.study(training, fields)
  }

  /// A copy in which every image is projected and the attention unit is laid out for the processor.
  public func prepared() -> DIN {
    var copy = self
    copy.visual?.prepare()
    copy.kernel = attention.makeKernel()
    return copy
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("fields", fields)
    list.add("attention", attention)
    list.add("norm", norm)
    list.add("network", network)
    if let itemBias {
      let items = input.layout.categorical[itemField]
      list.add("itemBias", itemBias, sections: [.init(name: items.name, rows: 0..<items.rows)])
    }
  }
}
