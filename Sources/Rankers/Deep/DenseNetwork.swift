public import NeuralNetworks
public import RankingData
public import Tensors

/// The plain deep ranker: the vectors of a row's fields, its numbers and its images side by side,
/// through a multilayer perceptron (the ranking network of Covington, Adams and Sargin, RecSys 2016).
///
/// A list is the mean of its ids' vectors. Numbers enter as they are, so scale them in the schema.
/// Whether images are present reaches the network as a flag.
public struct DenseNetwork: NeuralRanker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  /// The visual features, if any.
  public var visual: VisualBlock?
  package let embeddings: FieldEmbeddings
  package let network: MultilayerPerceptron

  /// See `Ranker`.
  public init(
    configuration: Configuration, input: RankerInput, seed: UInt64
  ) throws(RankerError) {
    try configuration.validate()
    self.configuration = configuration
    self.input = input
    let layout = input.layout
    let width = configuration.width
    let scale = Scalar(configuration.embeddingScale)
    var random = RandomStream(seed: seed)
    embeddings = FieldEmbeddings(
      layout: layout, width: width, scale: scale, numbers: false, random: &random)
    if input.readsImages, let description = input.visual {
      visual = VisualBlock(
        input: description, width: width, normalized: true, history: input.readsImageHistory,
        deviation: scale, random: &random)
    }
    let images = visual?.flagCount ?? 0
    let vectors = layout.categorical.count + layout.bags.count + images
    let inputs = vectors * width + layout.numericWidth + images
    guard inputs > 0 else {
      throw .configuration(
        key: "schema", value: "no features", reason: "a ranker needs at least one")
    }
    network = MultilayerPerceptron(
      inputs: inputs, hidden: configuration.hidden, outputs: 1,
      activation: configuration.activation, normalization: configuration.normalization,
      dropout: Scalar(configuration.dropout), random: &random)
  }

  /// See `NeuralRanker`.
  public func forward(_ batch: RankingBatch, _ pass: Pass) -> RankerForward {
    let images = visual.map { $0(batch, pass) }
    let fields = embeddings(batch, pass) + [images?.vectors].compactMap { $0 }
    let flat = fields.map { $0.reshaped([batch.count, $0.shape[1] * $0.shape[2]]) }
    let parts = flat + [batch.numbers, images?.flags].compactMap { $0 }
    let logits = network(parts.count == 1 ? parts[0] : concatenate(parts, axis: 1), pass)
    return RankerForward(
      logits: logits.reshaped([batch.count]), penalty: penalty(on: fields, rows: batch.count))
  }

  /// Only on the vectors that the batch touches, so that the gradient of the table stays sparse.
  private func penalty(on fields: [Tensor], rows: Int) -> Tensor? {
    guard configuration.l2 > 0, let first = fields.first else { return nil }
    let squares = fields.dropFirst().reduce(first.square().sum()) { $0 + $1.square().sum() }
    return squares * Scalar(configuration.l2 / 2 / Double(rows))
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    if embeddings.fieldCount > 0 { list.add("embeddings", embeddings) }
    if let visual { list.add("visual", visual) }
    list.add("network", network)
  }
}
