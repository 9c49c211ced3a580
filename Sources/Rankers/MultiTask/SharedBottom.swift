public import NeuralNetworks
import RankingData
public import Tensors

/// Hard sharing (Caruana, Machine Learning 1997): one network that all tasks share, and a small tower
/// for each.
public struct SharedBottom: MultiTaskRanker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  /// What the network reads.
  public var fields: FlatFields
  /// How the tasks' losses are weighted, and what rows are ordered by.
  public let objective: TaskObjective
  package let bottom: MultilayerPerceptron
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
    bottom = MultilayerPerceptron(
      inputs: fields.width, hidden: configuration.bottom, outputs: nil,
      dropout: Scalar(settings.dropout), random: &random)
    towers = TaskTowers(
      tasks: tasks.count, inputs: bottom.outputs, hidden: configuration.tower,
      dropout: settings.dropout, random: &random)
  }

  /// See `MultiTaskRanker`.
  public func outcomes(of x: Tensor, _ pass: Pass) -> TaskForward {
    TaskForward(logits: towers([bottom(x, pass)], pass))
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    fields.collect(into: &list)
    list.add("bottom", bottom)
    list.add("towers", towers)
    list.add("objective", objective)
  }
}
