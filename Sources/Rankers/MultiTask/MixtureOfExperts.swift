public import NeuralNetworks
import RankingData
public import Tensors

/// Mixture of experts for several tasks (Ma et al., KDD 2018): experts that all tasks share, gates that
/// choose among them for every row, and a tower for each task.
///
/// Which task reads which gate is what tells the kinds apart: `OMoE`, `MMoE`.
public struct MixtureOfExperts<Gating: ExpertGating>: MultiTaskRanker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  /// What the network reads.
  public var columns: DenseInput
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
    let (settings, shape) = (configuration.settings, configuration.shape)
    let tasks = input.layout.allTasks.count
    objective = try TaskObjective(settings, of: Self.self, input.layout)
    var random = RandomStream(seed: seed)
    columns = try DenseInput(input, settings.columns, random: &random)
    mixture = ExpertMixture(
      inputs: columns.width, shape, gates: Gating.gates(tasks: tasks), dropout: settings.dropout,
      random: &random)
    towers = TaskTowers(
      tasks: tasks, inputs: mixture.outputs, hidden: shape.tower, dropout: settings.dropout,
      random: &random)
  }

  /// See `MultiTaskRanker`.
  public func outcomes(of rows: DenseRows, _ pass: Pass) -> TaskForward {
    let mixed = mixture(rows, pass)
    return TaskForward(
      logits: towers(mixed.rows, pass), gates: mixed.gates, penalty: mixed.penalty)
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    columns.collect(into: &list)
    list.add("mixture", mixture)
    list.add("towers", towers)
    list.add("objective", objective)
  }
}
