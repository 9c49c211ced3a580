import NeuralNetworks
public import RankingData
public import Tensors

/// A network of several tasks: what comes of a row in more than one respect, learnt together.
///
/// The first task is the label; the schema lists the others. All of them read the same vectors of the
/// row's fields, numbers and images. A row says something about a task or nothing: each task's loss is
/// a mean over the rows that do, and the loss of all is `Σ λₖ · meanₖ`.
public protocol MultiTaskRanker: NeuralRanker where Configuration: MultiTaskConfiguration {
  /// What the network reads.
  var columns: DenseInput { get set }
  /// How the tasks' losses are weighted, and what rows are ordered by.
  var objective: TaskObjective { get }

  /// What it predicts a probability of: the tasks, the label first, unless the model knows more.
  static func outcomes(of layout: FeatureLayout) -> [String]

  /// For each task, the outcome whose logit its loss is computed from.
  static func lossOutcomes(of layout: FeatureLayout) -> [Int]

  /// For each outcome, a label for every row; NaN where the row says nothing about it.
  static func outcomeLabels(label: [Float], tasks: [[Float]]) -> [[Float]]

  /// The logits of the outcomes of rows.
  func outcomes(of rows: DenseRows, _ pass: Pass) -> TaskForward

  /// The outcomes' logits `[count, outcomes]` where that of the label is known to be another: for rows
  /// that were drawn, or a calibration.
  ///
  /// - Parameter label: `[count, 1]`
  static func outcomes(_ logits: Tensor, correctedTo label: Tensor) -> Tensor
}

/// What the towers of a multi-task network make of a batch.
public struct TaskForward {
  /// `[count, outcomes]`
  public var logits: Tensor
  /// `[count, experts]` for each gate: how much it uses each expert. One that all tasks read, one for
  /// each task, or none.
  public var gates: [Tensor]
  /// To be added to the loss: a constant, or a mean over rows; nil for nothing.
  public var penalty: Tensor?

  /// Wraps the results of a pass.
  public init(logits: Tensor, gates: [Tensor] = [], penalty: Tensor? = nil) {
    self.logits = logits
    self.gates = gates
    self.penalty = penalty
  }
}

extension FeatureLayout {
  /// The label, then the tasks beside it.
  var allTasks: [String] { [label] + tasks }
}

extension MultiTaskRanker {
  /// The tasks.
  public static func outcomes(of layout: FeatureLayout) -> [String] {
    layout.allTasks
  }

  /// Each task's own.
  public static func lossOutcomes(of layout: FeatureLayout) -> [Int] {
    Array(0...layout.tasks.count)
  }

  /// The labels as they are.
  public static func outcomeLabels(label: [Float], tasks: [[Float]]) -> [[Float]] {
    [label] + tasks
  }

  /// The others stay what they are.
  public static func outcomes(_ logits: Tensor, correctedTo label: Tensor) -> Tensor {
    guard logits.shape[1] > 1 else { return label }
    return concatenate([label, logits.slice(axis: 1, 1..<logits.shape[1])], axis: 1)
  }

  /// What it predicts a probability of.
  public var outcomes: [String] { Self.outcomes(of: input.layout) }

  /// The visual features, if any.
  public var visual: VisualBlock? {
    get { columns.visual }
    set { columns.visual = newValue }
  }

  /// What the plan's loss makes of the label's score, unless rows are ordered by more than the label.
  public func output(of plan: RankerTraining) -> RankerOutput {
    objective.ordersByLabel ? labelOutput(of: plan) : .score
  }

  /// What the plan's loss makes of the label's own output.
  package func labelOutput(of plan: RankerTraining) -> RankerOutput {
    switch plan.loss.loss {
    case is LogisticLoss: .logit
    case is WeightedLogisticLoss: .odds
    default: .score
    }
  }

  /// See `NeuralRanker`.
  public func forward(_ batch: RankingBatch, _ pass: Pass) -> RankerForward {
    let (rows, penalty) = columns.rows(batch, pass, l2: configuration.settings.l2)
    let result = outcomes(of: rows, pass)
    let penalties = [penalty, result.penalty].compactMap { $0 }
    return RankerForward(
      logits: objective.score(result.logits), tasks: result.logits,
      penalty: penalties.dropFirst().reduce(penalties.first) { total, next in
        total.map { $0 + next }
      })
  }

  /// Rows or requests of the label's loss, then the rows that say something about each other task.
  public func lossTerms(in batch: RankingBatch, by loss: any RankingLoss) -> [Int] {
    [loss.terms(in: batch)]
      + taskLabels(of: batch).dropFirst().map { labels in labels.count { !$0.isNaN } }
  }

  /// The label's loss as the plan wants it, and the log loss of every other task.
  public func losses(
    of result: RankerForward, _ batch: RankingBatch, _ pass: Pass, by loss: any RankingLoss
  ) -> [Tensor] {
    guard let found = result.tasks else { preconditionFailure("a pass without its tasks") }
    let logits = drawn(found, batch.offsets)
    let outcomes = Self.lossOutcomes(of: input.layout)
    let labels = taskLabels(of: batch)
    let terms = lossTerms(in: batch, by: loss)
    return outcomes.indices.map { task in
      // Nothing is spent on a task that counts for nothing, nor do its weights move.
      guard objective.weights[task] > 0, terms[task] > 0 else { return Tensor(scalar: 0) }
      let column = logits.slice(axis: 1, outcomes[task]..<outcomes[task] + 1)
        .reshaped([batch.count])
      let value =
        task == 0
        ? loss(column, batch, pass)
        : observedLogLoss(column, labels[task], weights: batch.weights)
      return objective.weighted(value, task, pass)
    }
  }

  /// The outcomes as they are among rows that were drawn: the label's score is lowered by the logarithm
  /// of how often a row was to be expected.
  private func drawn(_ logits: Tensor, _ offsets: [Float]) -> Tensor {
    guard !offsets.isEmpty else { return logits }
    let shift = Tensor(offsets.map { Scalar($0) }, shape: [offsets.count, 1])
    return Self.outcomes(logits, correctedTo: logits.slice(axis: 1, 0..<1) - shift)
  }

  /// The labels that each task's loss compares with.
  private func taskLabels(of batch: RankingBatch) -> [[Float]] {
    let tasks =
      batch.taskLabels.isEmpty
      ? input.layout.tasks.map { _ in [Float](repeating: .nan, count: batch.count) }
      : batch.taskLabels
    let labels = Self.outcomeLabels(label: batch.labels, tasks: tasks)
    return Self.lossOutcomes(of: input.layout).map { labels[$0] }
  }

  /// Refuses a task of which no training row says anything.
  public func verify(
    _ training: some RankingBatchSource, _ plan: RankerTraining
  ) throws(RankerError) {
    try checkObserved(training)
  }

  func checkObserved(_ training: some RankingBatchSource) throws(RankerError) {
    for (name, labels) in zip(input.layout.tasks, training.taskLabels)
    where labels.allSatisfy(\.isNaN) {
      throw .task(
        name, reason: "no training row has a label for it: every cell of its column is empty")
    }
  }
}
