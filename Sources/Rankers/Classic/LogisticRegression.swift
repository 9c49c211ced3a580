public import NeuralNetworks
public import RankingData
public import Tensors

/// Logistic regression over one-hot fields, numbers and image vectors: the baseline that any deep
/// ranker must beat, and the easiest one to read.
///
/// See `LinearModel` for what it reads.
public struct LogisticRegression: NeuralRanker, WeightedRanker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  /// The visual features, if any.
  public var visual: VisualBlock? {
    get { model.visual }
    set { model.visual = newValue }
  }
  /// The weights.
  public private(set) var model: LinearModel

  /// See `Ranker`.
  public init(
    configuration: Configuration, input: RankerInput, seed: UInt64
  ) throws(RankerError) {
    try configuration.validate()
    self.configuration = configuration
    self.input = input
    model = try LinearModel(input: input, seed: seed)
  }

  /// See `NeuralRanker`.
  public func forward(_ batch: RankingBatch, _ pass: Pass) -> RankerForward {
    let l2 = Scalar(configuration.l2)
    return RankerForward(
      logits: model(batch, pass), penalty: l2 > 0 ? model.squaredWeights(pass) * (l2 / 2) : nil)
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) { model.collect(into: &list) }
}
