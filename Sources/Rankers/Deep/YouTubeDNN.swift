public import NeuralNetworks
public import RankingData
public import Tensors

/// The ranking network of YouTube (Covington, Adams and Sargin, RecSys 2016): what is known of the
/// user, the context and the candidate side by side, through layers of ReLU.
///
/// The candidate's id, the mean of the history and the last item of the history are fed separately and
/// share one table. An unknown id is the zero vector, in every field. Numbers enter as they are:
/// `transform: quantile` with `powers: true` in the schema gives the paper's u, u² and √u.
///
/// Under its usual loss, `weighted_logistic`, a positive row counts as often as its weight says (the
/// seconds watched) and `e^s` is the expected weight of an impression; see `RankerOutput.odds`.
public struct YouTubeDNN: NeuralRanker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  /// The visual features, if any.
  public var visual: VisualBlock? {
    get { columns.visual }
    set { columns.visual = newValue }
  }
  package var columns: DenseInput
  package let network: MultilayerPerceptron

  /// See `Ranker`.
  public init(
    configuration: Configuration, input: RankerInput, seed: UInt64
  ) throws(RankerError) {
    try configuration.validate()
    self.configuration = configuration
    self.input = input
    var options = DenseInput.Options(
      width: configuration.width, scale: configuration.embeddingScale)
    options.readsLastEvent = true
    options.unknownIsZero = true
    var random = RandomStream(seed: seed)
    columns = try DenseInput(input, options, random: &random)
    network = MultilayerPerceptron(
      inputs: columns.width, hidden: configuration.hidden, outputs: 1,
      dropout: Scalar(configuration.dropout), random: &random)
  }

  /// See `NeuralRanker`.
  public func forward(_ batch: RankingBatch, _ pass: Pass) -> RankerForward {
    if !pass.isTraining, let split = columns.split(batch, RequestSharing(batch)) {
      return RankerForward(logits: network(split).reshaped([batch.count]))
    }
    let logits = network(columns(batch, pass).joined, pass)
    return RankerForward(logits: logits.reshaped([batch.count]))
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    columns.collect(into: &list)
    list.add("network", network)
  }
}
