public import NeuralNetworks
public import RankingData
public import Tensors

/// Logistic regression over one-hot fields, numbers and image vectors: the baseline that any deep
/// ranker must beat, and the easiest one to read.
///
/// `logit = bias + Σ w_id + Σ mean w_list + Σ w_number x + w · image`. Histories of images are not
/// read: without interactions they would be the same for every candidate of a request.
public struct LogisticRegression: NeuralRanker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  /// The visual features, if any.
  public var visual: VisualBlock?
  private let firstOrder: FirstOrder

  /// See `Ranker`.
  public init(
    configuration: Configuration, input: RankerInput, seed: UInt64
  ) throws(RankerError) {
    try configuration.validate()
    self.configuration = configuration
    self.input = input
    firstOrder = FirstOrder(layout: input.layout, denseWidth: input.layout.numericWidth)
    if input.readsImages, let description = input.visual {
      var random = RandomStream(seed: seed)
      let block = VisualBlock(
        input: description, width: 1, normalized: false, history: false, deviation: 0,
        random: &random)
      block.projection.weight.value = Tensor(zeros: [1, description.width])
      visual = block
    }
  }

  /// See `Ranker`.
  public func logits(_ batch: RankingBatch, _ pass: Pass) -> Tensor {
    let logits = firstOrder(batch, numbers: batch.numbers, pass)
    guard let visual else { return logits }
    return logits + visual(batch, pass).vectors.reshaped([batch.count])
  }

  /// See `Ranker`.
  public func loss(_ batch: RankingBatch, _ pass: Pass) -> Tensor {
    let loss = logLoss(logits(batch, pass), batch)
    guard configuration.l2 > 0 else { return loss }
    var squares = firstOrder.squaredWeights(pass)
    if let visual { squares = squares + pass.read(visual.projection.weight).square().sum() }
    return loss + squares * Scalar(configuration.l2 / 2)
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("firstOrder", firstOrder)
    if let visual { list.add("visual", visual) }
  }
}
