public import NeuralNetworks
import RankingData
public import Tensors

/// One-gate mixture of experts: all tasks read the same mixture, which a gate chooses for every row
/// (the baseline of Ma et al., KDD 2018).
public struct OMoE: MultiTaskRanker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  /// What the network reads.
  public var fields: FlatFields
  /// How the tasks' losses are weighted, and what rows are ordered by.
  public let objective: TaskObjective
  package let mixture: ExpertMixture
  package let towers: TaskTowers

  /// See `Ranker`.
  public init(
    configuration: Configuration, input: RankerInput, seed: UInt64
  ) throws(RankerError) {
    try configuration.validate()
    self.configuration = configuration
    self.input = input
    let settings = configuration.settings
    let tasks = [input.layout.label] + input.layout.tasks
    objective = try TaskObjective(
      settings, tasks: tasks, outcomes: Self.outcomes(of: input.layout))
    var random = RandomStream(seed: seed)
    fields = try FlatFields(input, settings, random: &random)
    mixture = ExpertMixture(
      inputs: fields.width, configuration.shape, gates: 1, dropout: settings.dropout,
      random: &random)
    towers = TaskTowers(
      tasks: tasks.count, inputs: mixture.outputs, hidden: configuration.shape.tower,
      dropout: settings.dropout, random: &random)
  }

  /// See `MultiTaskRanker`.
  public func outcomes(of x: Tensor, _ pass: Pass) -> TaskForward {
    let (mixed, penalty) = mixture(x, pass)
    return TaskForward(logits: towers(mixed, pass), penalty: penalty)
  }

  /// The one gate's shares, for every task.
  public func gates(of x: Tensor, _ pass: Pass) -> [Tensor] {
    let shares = mixture.shares(of: x, pass)
    return ([input.layout.label] + input.layout.tasks).map { _ in shares[0] }
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    fields.collect(into: &list)
    list.add("mixture", mixture)
    list.add("towers", towers)
    list.add("objective", objective)
  }
}
