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
  public var visual: VisualBlock?
  package let firstOrder: FirstOrder
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
    embeddings = FieldEmbeddings(layout: layout, width: width, scale: scale, random: &random)
    if input.readsImages, let description = input.visual {
      visual = VisualBlock(
        input: description, width: width, normalized: true, history: input.readsImageHistory,
        deviation: scale, random: &random)
    }
    let images = visual?.flagCount ?? 0
    firstOrder = FirstOrder(
      layout: layout, denseWidth: layout.numericWidth + images, vectors: images,
      vectorWidth: width)
    let fields = layout.categorical.count + layout.bags.count + layout.numericWidth + images
    guard fields > 0 else {
      throw .configuration(
        key: "schema", value: "no features", reason: "a ranker needs at least one")
    }
    network = MultilayerPerceptron(
      inputs: fields * width + images, hidden: configuration.hidden, outputs: 1,
      dropout: Scalar(configuration.dropout), random: &random)
  }

  /// See `Ranker`.
  public func logits(_ batch: RankingBatch, _ pass: Pass) -> Tensor {
    forward(batch, pass).logits
  }

  /// See `Ranker`.
  public func loss(_ batch: RankingBatch, _ pass: Pass) -> Tensor {
    let (logits, fields) = forward(batch, pass)
    let loss = logLoss(logits, batch)
    guard configuration.l2 > 0 else { return loss }
    // Only the vectors that the batch touches, so that the gradient of the table stays sparse.
    return loss + fields.square().sum() * Scalar(configuration.l2 / 2 / Double(batch.count))
  }

  /// The logits `[count]` and the field vectors `[count, fields, width]` they came from.
  private func forward(
    _ batch: RankingBatch, _ pass: Pass
  ) -> (logits: Tensor, fields: Tensor) {
    let images = visual.map { $0(batch, pass) }
    let parts = embeddings(batch, pass) + [images?.vectors].compactMap { $0 }
    let fields = parts.count == 1 ? parts[0] : concatenate(parts, axis: 1)
    let numbers = [batch.numbers, images?.flags].compactMap { $0 }
    let linear = firstOrder(
      batch, numbers: numbers.isEmpty ? nil : concatenate(numbers, axis: 1),
      images: images?.vectors, pass)
    let flat = fields.reshaped([batch.count, fields.shape[1] * fields.shape[2]])
    let deep = images.map { concatenate([flat, $0.flags], axis: 1) } ?? flat
    let logits =
      linear + pairwiseInteractions(fields) + network(deep, pass).reshaped([batch.count])
    return (logits, fields)
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("firstOrder", firstOrder)
    list.add("embeddings", embeddings)
    if let visual { list.add("visual", visual) }
    list.add("network", network)
  }
}
