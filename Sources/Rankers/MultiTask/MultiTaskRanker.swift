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
  var fields: FlatFields { get set }
  /// How the tasks' losses are weighted, and what rows are ordered by.
  var objective: TaskObjective { get }

  /// What it predicts a probability of: the tasks, the label first, unless the model knows more.
  static func outcomes(of layout: FeatureLayout) -> [String]

  /// For each task, the outcome whose logit its loss is computed from.
  static func lossOutcomes(of layout: FeatureLayout) -> [Int]

  /// For each outcome, a label for every row; NaN where the row says nothing about it.
  static func outcomeLabels(label: [Float], tasks: [[Float]]) -> [[Float]]

  /// The logits of the outcomes, of rows `[count, fields.width]`.
  func outcomes(of x: Tensor, _ pass: Pass) -> TaskForward

  /// How much each task uses each expert, for rows `[count, fields.width]`: `[count, experts]` by
  /// task; nothing where there are no gates.
  func gates(of x: Tensor, _ pass: Pass) -> [Tensor]
}

/// What the towers of a multi-task network make of a batch.
public struct TaskForward {
  /// `[count, outcomes]`
  public var logits: Tensor
  /// To be added to the loss: a constant, or a mean over rows; nil for nothing.
  public var penalty: Tensor?

  /// Wraps the results of a pass.
  public init(logits: Tensor, penalty: Tensor? = nil) {
    self.logits = logits
    self.penalty = penalty
  }
}

extension MultiTaskRanker {
  /// The tasks.
  public static func outcomes(of layout: FeatureLayout) -> [String] {
    [layout.label] + layout.tasks
  }

  /// Each task's own.
  public static func lossOutcomes(of layout: FeatureLayout) -> [Int] {
    Array(0...layout.tasks.count)
  }

  /// The labels as they are.
  public static func outcomeLabels(label: [Float], tasks: [[Float]]) -> [[Float]] {
    [label] + tasks
  }

  /// None.
  public func gates(of x: Tensor, _ pass: Pass) -> [Tensor] { [] }

  /// What it predicts a probability of.
  public var outcomes: [String] { Self.outcomes(of: input.layout) }

  /// The visual features, if any.
  public var visual: VisualBlock? {
    get { fields.visual }
    set { fields.visual = newValue }
  }

  /// What the plan's loss makes of the label's score, unless rows are ordered by more than the label.
  public func output(of plan: RankerTraining) -> RankerOutput {
    guard objective.ordersByLabel else { return .score }
    return switch plan.loss.loss {
    case is LogisticLoss: .logit
    case is WeightedLogisticLoss: .odds
    default: .score
    }
  }

  /// See `NeuralRanker`.
  public func forward(_ batch: RankingBatch, _ pass: Pass) -> RankerForward {
    let (x, penalty) = fields(batch, pass)
    let result = outcomes(of: x, pass)
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
    guard let logits = result.tasks else { preconditionFailure("a pass without its tasks") }
    let columns = Self.lossOutcomes(of: input.layout)
    let labels = taskLabels(of: batch)
    let terms = lossTerms(in: batch, by: loss)
    return columns.indices.map { task in
      // Nothing is spent on a task that counts for nothing, nor do its weights move.
      guard objective.weights[task] > 0, terms[task] > 0 else { return Tensor(scalar: 0) }
      let column = logits.slice(axis: 1, columns[task]..<columns[task] + 1)
        .reshaped([batch.count])
      let value =
        task == 0
        ? loss(shifted(column, by: batch.offsets), batch, pass)
        : observedLogLoss(column, labels[task], weights: batch.weights)
      return objective.weighted(value, task, pass)
    }
  }

  private func shifted(_ logits: Tensor, by offsets: [Float]) -> Tensor {
    offsets.isEmpty ? logits : logits - Tensor(offsets.map { Scalar($0) })
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
