public import NeuralNetworks
public import RankingData
public import Tensors

/// The entire-space multi-task model (Ma et al., SIGIR 2018, arXiv 1804.07931): a click and what follows
/// it, learnt from all impressions, clicked or not.
///
/// Two networks over the same vectors give the probability of a click and that of a conversion after
/// one. The second has no loss of its own: what is compared with the data is the product, over every
/// impression, so that it is not misled by which rows get clicked. The outcomes are the click, the
/// conversion of a click, and both together.
public struct ESMM: MultiTaskRanker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  /// What the network reads.
  public var columns: DenseInput
  /// How the tasks' losses are weighted, and what rows are ordered by.
  public let objective: TaskObjective
  package let click: MultilayerPerceptron
  package let conversion: MultilayerPerceptron

  /// See `Ranker`.
  public init(
    configuration: Configuration, input: RankerInput, seed: UInt64
  ) throws(RankerError) {
    try configuration.validate()
    guard input.layout.tasks.count == 1 else {
      throw .configuration(
        key: "kind", value: "'esmm'",
        reason: "it models a click and one thing that may follow it, and the schema lists"
          + " \(input.layout.tasks.count) tasks beside the label. Write tasks: [purchase]")
    }
    self.configuration = configuration
    self.input = input
    let settings = configuration.settings
    objective = try TaskObjective(settings, of: Self.self, input.layout)
    var random = RandomStream(seed: seed)
    columns = try DenseInput(input, settings.columns, random: &random)
    let inputs = columns.width
    func network() -> MultilayerPerceptron {
      MultilayerPerceptron(
        inputs: inputs, hidden: configuration.hidden, outputs: 1,
        dropout: Scalar(settings.dropout), random: &random)
    }
    click = network()
    conversion = network()
  }

  /// See `MultiTaskRanker`.
  public func outcomes(of rows: DenseRows, _ pass: Pass) -> TaskForward {
    let (a, b) = (rows.through(click, pass), rows.through(conversion, pass))
    return TaskForward(logits: concatenate([a, b, jointLogit(a, b)], axis: 1))
  }

  /// The click, the conversion of a click, and both.
  public static func outcomes(of layout: FeatureLayout) -> [String] {
    [layout.label] + layout.tasks + layout.tasks.map { "\(layout.label)_and_\($0)" }
  }

  /// The click's own, and both.
  public static func lossOutcomes(of layout: FeatureLayout) -> [Int] { [0, 2] }

  /// The conversion of a click is what it was; both together follow the click.
  public static func outcomes(_ logits: Tensor, correctedTo label: Tensor) -> Tensor {
    let conversion = logits.slice(axis: 1, 1..<2)
    return concatenate([label, conversion, jointLogit(label, conversion)], axis: 1)
  }

  /// A conversion is observed where there was a click; without one, both did not happen.
  public static func outcomeLabels(label: [Float], tasks: [[Float]]) -> [[Float]] {
    let after = zip(label, tasks[0]).map { $0 > 0 ? $1 : .nan }
    return [label, after, zip(label, tasks[0]).map { $0 > 0 ? $0 * $1 : 0 }]
  }

  /// Refuses what the product has no probability for.
  public func verify(
    _ training: some RankingBatchSource, _ plan: RankerTraining
  ) throws(RankerError) {
    try checkObserved(training)
    guard plan.loss.loss is LogisticLoss else {
      throw .task(
        input.layout.label,
        reason: "esmm multiplies probabilities, and the training's loss learns none: use 'logistic'"
      )
    }
    let labels = training.labels
    for (row, value) in (training.taskLabels.first ?? []).enumerated()
    where labels[row] == 0 && value > 0 {
      throw .task(
        input.layout.tasks[0],
        reason:
          "row \(row) (from 0) has it without '\(input.layout.label)', after which alone it can"
          + " happen. Correct the log, or choose another kind of ranker")
    }
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    columns.collect(into: &list)
    list.add("click", click)
    list.add("conversion", conversion)
    list.add("objective", objective)
  }
}

/// The logit of two independent events together, from the logits of each: `-log(e⁻ᵃ + e⁻ᵇ + e⁻ᵃ⁻ᵇ)`,
/// which is exact where the probability itself rounds to 0 or 1. `[count, 1]`.
///
/// With `u = log σ(a) + log σ(b)`, `log(1 - eᵘ)` is `u` plus that logarithm; the logit is the
/// difference.
package func jointLogit(_ a: Tensor, _ b: Tensor) -> Tensor {
  let terms = -concatenate([a, b, a + b], axis: 1)
  // log Σ exp(t) = t₀ - log softmax(t)₀
  return (logSoftmax(terms) - terms).slice(axis: 1, 0..<1)
}
