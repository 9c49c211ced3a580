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
  public var columns: DenseInput
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
    objective = try TaskObjective(settings, of: Self.self, input.layout)
    var random = RandomStream(seed: seed)
    columns = try DenseInput(input, settings.columns, random: &random)
    bottom = MultilayerPerceptron(
      inputs: columns.width, hidden: configuration.bottom, outputs: nil,
      dropout: Scalar(settings.dropout), random: &random)
    towers = TaskTowers(
      tasks: input.layout.allTasks.count, inputs: bottom.outputs, hidden: configuration.tower,
      dropout: settings.dropout, random: &random)
  }

  /// See `MultiTaskRanker`.
  public func outcomes(of rows: DenseRows, _ pass: Pass) -> TaskForward {
    TaskForward(logits: towers([rows.through(bottom, pass)], pass))
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    columns.collect(into: &list)
    list.add("bottom", bottom)
    list.add("towers", towers)
    list.add("objective", objective)
  }
}
