public import NeuralNetworks
public import RankingData
public import Tensors

/// A ranker that is a network: its logits are differentiable, and it is trained by gradients.
///
/// A value whose parameters are shared by its copies.
public protocol NeuralRanker: Ranker, Module {
  /// The visual features, if the ranker reads any.
  var visual: VisualBlock? { get set }

  /// The logits of a batch, and what the configuration adds to any loss.
  ///
  /// Work that is the same for all candidates of a request is done once: consecutive rows tell by
  /// their equal lists that they share it (`SharedLists`).
  func forward(_ batch: RankingBatch, _ pass: Pass) -> RankerForward

  /// Over how many rows or requests of a batch each task's loss is a mean.
  func lossTerms(in batch: RankingBatch, by loss: any RankingLoss) -> [Int]

  /// The loss of each task, already weighted, in the order of `lossTerms`: one number each. A task
  /// without terms in the batch has the loss 0.
  func losses(
    of result: RankerForward, _ batch: RankingBatch, _ pass: Pass, by loss: any RankingLoss
  ) -> [Tensor]

  /// What the configuration adds to the loss once for a batch as a whole, however it is cut into
  /// shards: one number, or nil for nothing.
  func batchPenalty(_ batch: RankingBatch, _ pass: Pass) -> Tensor?

  /// Refuses training rows that it cannot learn from.
  func verify(
    _ training: some RankingBatchSource, _ plan: RankerTraining
  ) throws(RankerError)

  /// Looks at all training rows once, before the first step: to count how often ids occur, say.
  mutating func study(_ training: some RankingBatchSource)

  /// Parts that are trained by an optimizer of their own; that of the plan trains the others.
  func ownOptimizers() -> [OwnOptimizer]

  /// The fewest rows of a batch that are worth a core of their own in training; batch statistics are
  /// those of that many rows.
  static var rowsWorthACore: Int { get }
}

/// Parameters of a ranker that an optimizer of their own trains.
public struct OwnOptimizer {
  /// The parameters.
  public var parameters: [Parameter]
  /// Makes the optimizer.
  public var make: ([Parameter]) -> any Optimizer

  /// A part.
  public init(parameters: [Parameter], make: @escaping ([Parameter]) -> any Optimizer) {
    self.parameters = parameters
    self.make = make
  }
}

/// What a network makes of a batch.
public struct RankerForward {
  /// `[count]`: what rows are ordered by.
  public var logits: Tensor
  /// `[count, tasks]`: what each task's loss is computed from, where there are several; nil for the
  /// logits alone.
  public var tasks: Tensor?
  /// A constant, or a mean over the rows of the batch, to be added to the loss: one number, or nil for
  /// none.
  public var penalty: Tensor?

  /// Wraps the results of a pass.
  public init(logits: Tensor, tasks: Tensor? = nil, penalty: Tensor? = nil) {
    self.logits = logits
    self.tasks = tasks
    self.penalty = penalty
  }
}

extension NeuralRanker {
  /// See `Ranker`.
  public static var parameterFiles: [String] { ["weights.safetensors"] }

  /// Logits under the logistic loss, odds under the weighted one.
  public func output(of plan: RankerTraining) -> RankerOutput {
    switch plan.loss.loss {
    case is LogisticLoss: .logit
    case is WeightedLogisticLoss: .odds
    default: .score
    }
  }

  /// The logits of a batch: `[count]`.
  public func logits(_ batch: RankingBatch, _ pass: Pass) -> Tensor { forward(batch, pass).logits }

  /// What training minimises over a batch: one number.
  public func loss(
    _ batch: RankingBatch, _ pass: Pass, by loss: any RankingLoss = LogisticLoss()
  ) -> Tensor {
    let result = forward(batch, pass)
    let terms = losses(of: result, batch, pass, by: loss) + [result.penalty].compactMap { $0 }
    let value = terms.dropFirst().reduce(terms[0], +)
    return batchPenalty(batch, pass).map { value + $0 } ?? value
  }

  /// One task.
  public func lossTerms(in batch: RankingBatch, by loss: any RankingLoss) -> [Int] {
    [loss.terms(in: batch)]
  }

  /// The loss of the logits, after the batch's offsets.
  public func losses(
    of result: RankerForward, _ batch: RankingBatch, _ pass: Pass, by loss: any RankingLoss
  ) -> [Tensor] {
    let logits =
      batch.offsets.isEmpty
      ? result.logits
      : result.logits - Tensor(batch.offsets.map { Scalar($0) }, shape: [batch.count])
    return [loss(logits, batch, pass)]
  }

  /// What a row costs in a network of a few dense layers.
  public static var rowsWorthACore: Int { 128 }

  /// Nothing.
  public func batchPenalty(_ batch: RankingBatch, _ pass: Pass) -> Tensor? { nil }

  /// Any rows.
  public func verify(
    _ training: some RankingBatchSource, _ plan: RankerTraining
  ) throws(RankerError) {}

  /// Nothing to know.
  public mutating func study(_ training: some RankingBatchSource) {}

  /// None.
  public func ownOptimizers() -> [OwnOptimizer] { [] }

  /// The logits of a batch, without a tape.
  public func scores(of batch: RankingBatch) -> [Float] {
    guard batch.count > 0 else { return [] }
    return logits(batch, .inference()).scalars.map { Float($0) }
  }

  /// See `Ranker`.
  public mutating func attach(_ table: VisualTable, version: String) throws(RankerError) {
    try visual?.attach(table, version: version)
  }

  /// A copy in which every image is projected already.
  public func prepared() -> Self {
    var copy = self
    copy.visual?.prepare()
    return copy
  }

  /// See `Ranker`.
  @discardableResult
  public mutating func fit(
    training: some RankingBatchSource, validation: some RankingBatchSource, plan: RankerTraining,
    checkpoint: Checkpoint?, progress: (RankerProgress) -> Void, report: (RankerEpoch) -> Void
  ) throws -> TrainingRecord {
    try plan.fit(
      self, training: training, validation: validation, checkpoint: checkpoint, report: report,
      progress: progress)
  }

  /// See `Ranker`.
  public func saveParameters(to folder: String) throws {
    try ParameterList(self).save(to: "\(folder)/\(Self.parameterFiles[0])")
  }

  /// See `Ranker`.
  public mutating func loadParameters(from folder: String) throws {
    try ParameterList(self).load(from: "\(folder)/\(Self.parameterFiles[0])")
  }
}

/// The mean log loss of a batch, weighted by row.
package func logLoss(_ logits: Tensor, _ batch: RankingBatch) -> Tensor {
  sigmoidCrossEntropy(
    logits: logits, labels: batch.labels.map { Scalar($0) },
    weights: batch.weights.allSatisfy { $0 == 1 } ? nil : batch.weights.map { Scalar($0) })
}
