public import NeuralNetworks
public import RankingData
public import Tensors

/// DeepFM (Guo et al., 2017, arXiv 1703.04247): linear terms, all pairwise interactions of the
/// fields, and a deep network, the last two over the same vectors.
///
/// Image vectors are fields like any other: the projection of the candidate's image, and of the mean
/// of the user's history, interact with every id. Whether they are present also reaches the linear
/// terms and the network as a flag.
public struct DeepFM: NeuralRanker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  /// The visual features, if any.
  public var visual: VisualBlock? {
    get { columns.visual }
    set { columns.visual = newValue }
  }
  package let firstOrder: FirstOrder
  package var columns: DenseInput
  package var embeddings: FieldEmbeddings { columns.embeddings }
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
    options.numbersHaveVectors = true
    var random = RandomStream(seed: seed)
    columns = try DenseInput(input, options, random: &random)
    let images = columns.visual?.flagCount ?? 0
    firstOrder = try FirstOrder(
      layout: input.layout, denseWidth: input.layout.numericWidth + images, vectors: images,
      vectorWidth: configuration.width)
    network = MultilayerPerceptron(
      inputs: columns.width, hidden: configuration.hidden, outputs: 1,
      dropout: Scalar(configuration.dropout), random: &random)
  }

  /// See `NeuralRanker`.
  public func forward(_ batch: RankingBatch, _ pass: Pass) -> RankerForward {
    if !pass.isTraining, let sharing = RequestSharing(batch),
      let split = columns.split(batch, sharing)
    {
      let linear = firstOrder(batch, sharing, split, fields: columns.vectorCount)
      let deep = network(split).reshaped([batch.count])
      return RankerForward(logits: linear + pairwiseInteractions(split) + deep)
    }
    let columns = columns(batch, pass)
    let images = visual == nil ? nil : columns.vectors.last
    let fields =
      columns.vectors.count == 1 ? columns.vectors[0] : concatenate(columns.vectors, axis: 1)
    let numbers = [batch.numbers].compactMap { $0 } + columns.numbers
    let linear = firstOrder(
      batch, numbers: numbers.isEmpty ? nil : concatenate(numbers, axis: 1), images: images, pass)
    let flat = fields.reshaped([batch.count, fields.shape[1] * fields.shape[2]])
    let deep = columns.numbers.isEmpty ? flat : concatenate([flat] + columns.numbers, axis: 1)
    return RankerForward(
      logits: linear + pairwiseInteractions(fields) + network(deep, pass).reshaped([batch.count]),
      penalty: columns.penalty(configuration.l2))
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("firstOrder", firstOrder)
    columns.collect(into: &list)
    list.add("network", network)
  }
}
