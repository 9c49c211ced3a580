public import NeuralNetworks
public import RankingData
public import Tensors

/// Soft sharing: a network for each task over the same vectors of ids, and a penalty on what their
/// weights differ in (Duong et al., ACL 2015).
///
/// It has as many networks as tasks: compare it with others of its size.
public struct SoftSharing: MultiTaskRanker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  /// What the network reads.
  public var columns: DenseInput
  /// How the tasks' losses are weighted, and what rows are ordered by.
  public let objective: TaskObjective
  package let networks: [MultilayerPerceptron]

  /// See `Ranker`.
  public init(
    configuration: Configuration, input: RankerInput, seed: UInt64
  ) throws(RankerError) {
    try configuration.validate()
    self.configuration = configuration
    self.input = input
    let settings = configuration.settings
    objective = try TaskObjective(settings, of: Self.self, input.layout)
    var random = RandomStream(seed: seed)
    columns = try DenseInput(input, settings.columns, random: &random)
    var networks: [MultilayerPerceptron] = []
    for _ in input.layout.allTasks {
      networks.append(
        MultilayerPerceptron(
          inputs: columns.width, hidden: configuration.hidden, outputs: 1,
          dropout: Scalar(settings.dropout), random: &random))
    }
    self.networks = networks
  }

  /// See `MultiTaskRanker`.
  public func outcomes(of rows: DenseRows, _ pass: Pass) -> TaskForward {
    let logits = networks.map { rows.through($0, pass) }
    return TaskForward(logits: logits.count == 1 ? logits[0] : concatenate(logits, axis: 1))
  }

  /// The tie, over all pairs of networks. It does not depend on the rows.
  public func batchPenalty(_ batch: RankingBatch, _ pass: Pass) -> Tensor? {
    guard configuration.tie > 0, networks.count > 1 else { return nil }
    let weights = networks.map { ParameterList($0).entries.map { pass.read($0.parameter) } }
    var squares: [Tensor] = []
    for (index, own) in weights.enumerated() {
      for other in weights[..<index] {
        squares += zip(own, other).map { ($0 - $1).square().sum() }
      }
    }
    return squares.dropFirst().reduce(squares[0], +) * Scalar(configuration.tie)
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    columns.collect(into: &list)
    list.add("networks", networks)
    list.add("objective", objective)
  }
}
