public import NeuralNetworks
public import RankingData

/// A model that scores every row of a batch on its own: the larger the score, the better the item.
///
/// Rows are independent of each other, so candidates of many requests may share a batch. Neural
/// models conform through `NeuralRanker`; others, such as boosted trees, bring their own training
/// and their own files. `RankerConformance` in the tests lists what every ranker must satisfy.
public protocol Ranker: Sendable {
  /// What a user chooses.
  associatedtype Configuration: RankerConfiguration

  /// The files of a bundle that hold what was learnt.
  static var parameterFiles: [String] { get }

  /// What the user chose.
  var configuration: Configuration { get }
  /// The batches this ranker was built for.
  var input: RankerInput { get }

  /// Creates a ranker that has learnt nothing; equal seeds give equal rankers.
  ///
  /// - Throws: `RankerError.configuration` for values that make no model.
  init(configuration: Configuration, input: RankerInput, seed: UInt64) throws(RankerError)

  /// What its scores mean after a training by this plan.
  func output(of plan: RankerTraining) -> RankerOutput

  /// The score of each row. Any task may call this at any time.
  func scores(of batch: RankingBatch) -> [Float]

  /// Gives the ranker its visual vectors; a ranker without visual features ignores them.
  ///
  /// - Parameter version: the encoder and preprocessing that made the vectors, as a feature cache
  ///   names them.
  /// - Throws: `RankerError.visualVersion` or `.visualWidth` if the ranker was trained on others.
  mutating func attach(_ table: VisualTable, version: String) throws(RankerError)

  /// A copy for scoring that has done all work that does not depend on a batch. What was learnt must
  /// not change while it is used.
  func prepared() -> Self

  /// Learns from labelled rows and keeps the best state by the plan's monitor.
  ///
  /// Visual vectors must be attached beforehand, and not prepared.
  /// - Parameters:
  ///   - checkpoint: where to save on the way and to resume from, or nil.
  ///   - progress: called after each step of a network.
  ///   - report: called after each epoch or round that was judged.
  /// - Returns: the epochs run, in order, and the best one.
  /// - Throws: `RankerError.noRows`, `TrainingError` if the loss stops being a number, and what the
  ///   checkpoint throws.
  @discardableResult
  mutating func fit(
    training: some RankingBatchSource, validation: some RankingBatchSource, plan: RankerTraining,
    checkpoint: Checkpoint?, progress: (RankerProgress) -> Void, report: (RankerEpoch) -> Void
  ) throws -> TrainingRecord

  /// Writes `parameterFiles` into a folder.
  func saveParameters(to folder: String) throws

  /// Reads `parameterFiles` from a folder.
  /// - Throws: an error naming the file and what does not fit.
  mutating func loadParameters(from folder: String) throws
}

extension Ranker {
  /// The name of this kind of model in configurations and bundles.
  public var kind: String { Configuration.kind }

  /// The configuration as a bundle stores it.
  public var specification: RankerSpecification { RankerSpecification(configuration) }

  /// Learns without telling of its steps.
  @discardableResult
  public mutating func fit(
    training: some RankingBatchSource, validation: some RankingBatchSource, plan: RankerTraining,
    checkpoint: Checkpoint?, report: (RankerEpoch) -> Void
  ) throws -> TrainingRecord {
    try fit(
      training: training, validation: validation, plan: plan, checkpoint: checkpoint,
      progress: { _ in }, report: report)
  }
}
