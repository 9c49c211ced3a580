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
  func forward(_ batch: RankingBatch, _ pass: Pass) -> RankerForward
}

/// What a network makes of a batch.
public struct RankerForward {
  /// `[count]`.
  public var logits: Tensor
  /// A constant, or a mean over the rows of the batch, to be added to the loss: one number, or nil for
  /// none.
  public var penalty: Tensor?

  /// Wraps the results of a pass.
  public init(logits: Tensor, penalty: Tensor? = nil) {
    self.logits = logits
    self.penalty = penalty
  }
}

extension NeuralRanker {
  /// See `Ranker`.
  public static var parameterFiles: [String] { ["weights.safetensors"] }

  /// Logits under the logistic loss alone.
  public func output(of plan: RankerTraining) -> RankerOutput {
    plan.loss.loss is LogisticLoss ? .logit : .score
  }

  /// The logits of a batch: `[count]`.
  public func logits(_ batch: RankingBatch, _ pass: Pass) -> Tensor { forward(batch, pass).logits }

  /// What training minimises over a batch: one number.
  public func loss(
    _ batch: RankingBatch, _ pass: Pass, by loss: any RankingLoss = LogisticLoss()
  ) -> Tensor {
    let result = forward(batch, pass)
    let logits =
      batch.offsets.isEmpty
      ? result.logits
      : result.logits - Tensor(batch.offsets.map { Scalar($0) }, shape: [batch.count])
    let value = loss(logits, batch, pass)
    return result.penalty.map { value + $0 } ?? value
  }

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
    checkpoint: Checkpoint?, report: (RankerEpoch) -> Void
  ) throws -> TrainingRecord {
    try plan.fit(
      self, training: training, validation: validation, checkpoint: checkpoint, report: report)
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
