public import NeuralNetworks
public import RankingData
public import Tensors

/// Wide & Deep (Cheng et al., 2016, arXiv 1606.07792): a linear model that remembers which ids and
/// crosses went together, and a network over vectors that generalises to those never seen together.
/// Their logits are added, and one loss trains both.
///
/// The wide part reads sparse fields and is trained by FTRL with an L1 penalty, which leaves most of
/// its weights exactly 0. The deep part reads everything but crosses: the vectors of ids, means of
/// lists, images, and numbers as they are. Crosses are the schema's `crosses`; row 0 of one, which
/// stands for all combinations without a row of their own, has a weight like any other.
public struct WideAndDeep: NeuralRanker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  /// The visual features, if any; those of the deep part.
  public var visual: VisualBlock? {
    get { columns.visual }
    set { columns.visual = newValue }
  }
  package let wideFields: FieldSelection
  package let deepFields: FieldSelection
  package let wide: FirstOrder
  package var columns: DenseInput
  package let network: MultilayerPerceptron

  /// See `Ranker`.
  ///
  /// - Throws: `RankerError.unknownChoice` for the name of a field that there is none of.
  public init(
    configuration: Configuration, input: RankerInput, seed: UInt64
  ) throws(RankerError) {
    try configuration.validate()
    self.configuration = configuration
    self.input = input
    let layout = input.layout
    if let names = configuration.wide { try FieldSelection.check("wide", names, layout) }
    wideFields = FieldSelection(layout) { kind, name in
      configuration.wide?.contains { FieldSelection.covers($0, name) } ?? (kind == .categorical)
    }
    deepFields = FieldSelection(layout) { !FieldSelection.isCross($0, $1) }
    wide = try FirstOrder(layout: wideFields.layout, denseWidth: wideFields.numeric.count)
    var deep = input
    deep.layout = deepFields.layout
    deep.layout.visual = layout.visual
    deep.layout.visualHistory = layout.visualHistory
    var random = RandomStream(seed: seed)
    columns = try DenseInput(
      deep, .init(width: configuration.width, scale: configuration.embeddingScale),
      random: &random)
    network = MultilayerPerceptron(
      inputs: columns.width, hidden: configuration.hidden, outputs: 1,
      dropout: Scalar(configuration.dropout), random: &random)
  }

  /// See `NeuralRanker`.
  public func forward(_ batch: RankingBatch, _ pass: Pass) -> RankerForward {
    RankerForward(logits: wideLogits(batch, pass) + deepLogits(batch, pass))
  }

  /// What the linear part says: `[count]`.
  package func wideLogits(_ batch: RankingBatch, _ pass: Pass) -> Tensor {
    let batch = batch.selecting(wideFields)
    return wide(batch, numbers: batch.numbers, pass)
  }

  /// What the network says: `[count]`.
  package func deepLogits(_ batch: RankingBatch, _ pass: Pass) -> Tensor {
    let batch = batch.selecting(deepFields)
    if !pass.isTraining, let split = columns.split(batch, RequestSharing(batch)) {
      return network(split).reshaped([batch.count])
    }
    return network(columns(batch, pass).joined, pass).reshaped([batch.count])
  }

  /// FTRL for the wide part. Its bias is not penalised.
  public func ownOptimizers() -> [OwnOptimizer] {
    let (ftrl, bias) = (configuration.ftrl, wide.bias)
    return [
      OwnOptimizer(parameters: ParameterList(wide).trainable) { parameters in
        FTRL(
          parameters, learningRate: Scalar(ftrl.learningRate), penalties: ftrl.penalties,
          unpenalized: [bias])
      }
    ]
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("wide", wide)
    columns.collect(into: &list)
    list.add("network", network)
  }
}
