public import NeuralNetworks
public import RankingData
public import Tensors

/// Two towers (DSSM: Huang et al., CIKM 2013): one makes a vector of the user and the context, the
/// other one of the item, and a score is γ times their cosine. Vectors of items depend on nothing but
/// the item, so they can be kept (`itemVectors`), and a request then costs one tower and dot products.
///
/// Of a schema's fields, the item tower reads the item's id, the candidate's own value of every
/// attribute that the history has too, what the configuration names under `item`, and the candidate's
/// image; the user tower reads all else but crosses, which belong to neither side. Tables and layers
/// are separate; only the projection of images is shared.
public struct DSSM: NeuralRanker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  /// The visual features, if any.
  public var visual: VisualBlock?
  package let user: Tower
  package let item: Tower

  /// See `Ranker`.
  ///
  /// - Throws: `RankerError.configuration` for a tower that reads nothing or a field on both sides,
  ///   `.unknownChoice` for the name of a field that there is none of.
  public init(
    configuration: Configuration, input: RankerInput, seed: UInt64
  ) throws(RankerError) {
    try configuration.validate()
    self.configuration = configuration
    self.input = input
    let sides = try configuration.sides(of: input.layout)
    var random = RandomStream(seed: seed)
    if input.readsImages, let description = input.visual {
      visual = VisualBlock(
        input: description, width: configuration.width, normalized: true,
        history: input.readsImageHistory, deviation: Scalar(configuration.embeddingScale),
        random: &random)
    }
    user = try Tower(
      "user", sides.user, readsImage: input.readsImageHistory, configuration, random: &random)
    item = try Tower(
      "item", sides.item, readsImage: input.readsImages, configuration, random: &random)
  }

  /// See `NeuralRanker`.
  public func forward(_ batch: RankingBatch, _ pass: Pass) -> RankerForward {
    let runs = RowRuns(
      batch.selecting(user.fields),
      images: user.readsImage && batch.visualHistory.count == batch.count)
    let users = userVectors(batch.batch(runs.heads[...]), pass).gatherRows(runs.runs)
    return RankerForward(logits: (users * itemVectors(batch, pass)).sum(axis: 1))
  }

  /// The vector of each row's item, of length 1: `[count, last of hidden]`. They may be kept until the
  /// ranker is trained again; both towers must then be replaced together.
  public func itemVectors(of batch: RankingBatch) -> Tensor { itemVectors(batch, .inference()) }

  /// The vector of each row's user and context, of length γ: `[count, last of hidden]`. Its product
  /// with an item's vector is the score.
  public func userVectors(of batch: RankingBatch) -> Tensor { userVectors(batch, .inference()) }

  private func userVectors(_ batch: RankingBatch, _ pass: Pass) -> Tensor {
    let images = user.readsImage ? visual?.histories(batch, pass) : nil
    return unit(user(batch, images, pass)) * Scalar(configuration.gamma)
  }

  private func itemVectors(_ batch: RankingBatch, _ pass: Pass) -> Tensor {
    unit(item(batch, visual?.candidates(batch, pass), pass))
  }

  /// Rows scaled to length 1. ε inside the root keeps a row of zeros what it is.
  private func unit(_ x: Tensor) -> Tensor {
    x / (x.square().sum(axis: 1) + 1e-8).sqrt().reshaped([x.shape[0], 1])
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    if let visual { list.add("visual", visual) }
    list.add("user", user)
    list.add("item", item)
  }
}

extension DSSM {
  /// One side: the vectors of its fields, its numbers and an image side by side, through layers of
  /// tanh.
  package struct Tower: Module {
    package let fields: FieldSelection
    package let readsImage: Bool
    package let embeddings: FieldEmbeddings
    package let network: MultilayerPerceptron

    init(
      _ side: String, _ fields: FieldSelection, readsImage: Bool, _ configuration: Configuration,
      random: inout RandomStream
    ) throws(RankerError) {
      guard !fields.isEmpty || readsImage else {
        throw .configuration(
          key: side, value: "no field",
          reason: "its tower must read something; name fields of the schema under '\(side)'")
      }
      self.fields = fields
      self.readsImage = readsImage
      embeddings = try FieldEmbeddings(
        layout: fields.layout, width: configuration.width,
        scale: Scalar(configuration.embeddingScale), numbers: false, random: &random)
      let vectors = embeddings.fieldCount + (readsImage ? 1 : 0)
      network = MultilayerPerceptron(
        inputs: vectors * configuration.width + fields.numeric.count + (readsImage ? 1 : 0),
        hidden: configuration.hidden, outputs: nil, activation: .tanh, random: &random)
    }

    /// `[count, last of hidden]`.
    package func callAsFunction(
      _ batch: RankingBatch, _ images: VisualFields?, _ pass: Pass
    ) -> Tensor {
      let batch = batch.selecting(fields)
      let columns = DenseColumns(
        vectors: embeddings(batch, pass) + [images?.vectors].compactMap { $0 },
        numbers: [batch.numbers, images?.flags].compactMap { $0 })
      return network(columns.joined, pass)
    }

    package func collect(into list: inout ParameterList) {
      if embeddings.fieldCount > 0 { list.add("embeddings", embeddings) }
      list.add("network", network)
    }
  }
}
