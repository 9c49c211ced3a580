public import NeuralNetworks
public import RankingData
public import Tensors

/// The plain deep ranker: the vectors of a row's fields, its numbers and its images side by side,
/// through a multilayer perceptron (the ranking network of Covington, Adams and Sargin, RecSys 2016).
///
/// A list is the mean of its ids' vectors. Numbers enter as they are, so scale them in the schema.
/// Whether images are present reaches the network as a flag. Scoring multiplies what the candidates
/// of a request share by the first layer once.
public struct DenseNetwork: NeuralRanker {
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
    var random = RandomStream(seed: seed)
    columns = try DenseInput(
      input, .init(width: configuration.width, scale: configuration.embeddingScale),
      random: &random)
    network = MultilayerPerceptron(
      inputs: columns.width, hidden: configuration.hidden, outputs: 1,
      activation: configuration.activation, normalization: configuration.normalization,
      dropout: Scalar(configuration.dropout), random: &random)
  }

  /// See `NeuralRanker`.
  public func forward(_ batch: RankingBatch, _ pass: Pass) -> RankerForward {
    if !pass.isTraining, let split = columns.split(batch, RequestSharing(batch)) {
      return RankerForward(logits: network(split).reshaped([batch.count]))
    }
    let columns = columns(batch, pass)
    return RankerForward(
      logits: network(columns.joined, pass).reshaped([batch.count]),
      penalty: columns.penalty(configuration.l2))
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    columns.collect(into: &list)
    list.add("network", network)
  }
}
