public import NeuralNetworks
import RankingData
public import Tensors

/// A cross-stitch network (Misra et al., CVPR 2016, arXiv 1604.03539): a network for each task, whose
/// layers each read a learnt mixture of all tasks' layers below.
///
/// It has as many networks as tasks: compare it with others of its size. Mixtures start at 0.9 of the
/// task's own and 0.1 of the others', and are free to leave that.
public struct CrossStitch: MultiTaskRanker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  /// What the network reads.
  public var columns: DenseInput
  /// How the tasks' losses are weighted, and what rows are ordered by.
  public let objective: TaskObjective
  /// By task, then depth.
  private let layers: [[MultilayerPerceptron]]
  /// By depth: `[tasks, tasks]`, or `[tasks, tasks, units]` with a mixture for each unit.
  package let stitches: [Parameter]
  private let towers: TaskTowers

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
    var layers: [[MultilayerPerceptron]] = []
    for _ in input.layout.allTasks {
      var width = columns.width
      var own: [MultilayerPerceptron] = []
      for units in configuration.hidden {
        own.append(
          MultilayerPerceptron(
            inputs: width, hidden: [units], outputs: nil, dropout: Scalar(settings.dropout),
            random: &random))
        width = units
      }
      layers.append(own)
    }
    self.layers = layers
    stitches = configuration.hidden.map { units in
      Self.firstStitch(input.layout.allTasks.count, units: configuration.perChannel ? units : nil)
    }
    towers = TaskTowers(
      tasks: layers.count, inputs: configuration.hidden.last ?? columns.width,
      hidden: configuration.tower, dropout: settings.dropout, random: &random)
  }

  /// See `MultiTaskRanker`.
  public func outcomes(of rows: DenseRows, _ pass: Pass) -> TaskForward {
    var states: [Tensor] = []
    for (depth, stitch) in stitches.enumerated() {
      states = layers.indices.map { task in
        let layer = layers[task][depth]
        return depth == 0 ? rows.through(layer, pass) : layer(states[task], pass)
      }
      if states.count > 1 { states = mixed(states, pass.read(stitch)) }
    }
    return TaskForward(logits: towers(states, pass))
  }

  /// What each task reads next, of the tasks' states `[count, units]`.
  private func mixed(_ states: [Tensor], _ stitch: Tensor) -> [Tensor] {
    let tasks = states.count
    let (count, units) = (states[0].shape[0], states[0].shape[1])
    let all = stack(states)
    if stitch.shape.rank == 2 {
      let mixed = matmul(stitch, all.reshaped([tasks, count * units]))
      return (0..<tasks).map { mixed.slice(axis: 0, $0..<$0 + 1).reshaped([count, units]) }
    }
    return (0..<tasks).map { task in
      let own = stitch.slice(axis: 0, task..<task + 1).reshaped([tasks, 1, units])
      return (all * own).sum(axis: 0)
    }
  }

  /// Rows that add up to 1.
  private static func firstStitch(_ tasks: Int, units: Int?) -> Parameter {
    var values: [Scalar] = []
    for row in 0..<tasks {
      for column in 0..<tasks {
        let share = row == column ? 0.9 : 0.1 / Scalar(max(tasks - 1, 1))
        values += [Scalar](repeating: share, count: units ?? 1)
      }
    }
    return Parameter(Tensor(values, shape: units.map { [tasks, tasks, $0] } ?? [tasks, tasks]))
  }

  /// The mixtures, which move far more slowly than weights and so take longer steps.
  public func ownOptimizers() -> [OwnOptimizer] {
    guard layers.count > 1 else { return [] }
    let rate = Scalar(configuration.stitchRate)
    return [
      OwnOptimizer(parameters: stitches) { parameters in
        SGD([ParameterGroup(parameters: parameters)], learningRate: rate)
      }
    ]
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    columns.collect(into: &list)
    for (task, own) in layers.enumerated() { list.add("networks.\(task)", own) }
    // A single task has nothing to mix.
    if layers.count > 1 {
      for (depth, stitch) in stitches.enumerated() { list.add("stitches.\(depth)", stitch) }
    }
    list.add("towers", towers)
    list.add("objective", objective)
  }
}
