public import NeuralNetworks
import RankingData

/// A linear support vector machine (Cortes and Vapnik, 1995): the hyperplane that keeps positive and
/// negative rows as far apart as the rows on the wrong side allow.
///
/// `½ ‖w‖² + C Σ weight · max(0, 1 - y w · x)`, or the squares of the errors, with y = 1 for a positive
/// row and -1 otherwise. Numbers and images are standardised inside; the bias is the weight of a column
/// of ones, and is held small like the others (as in LIBLINEAR). Its λ in other notations is `1 / (C n)`.
///
/// Scores are made logits by Platt scaling on the validation rows, unless that is switched off: then
/// they order rows and are no probabilities. See `LinearModel` for what it reads.
public struct LinearSVM: LinearRanker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  /// The weights.
  public var model: LinearModel

  /// See `Ranker`.
  public init(
    configuration: Configuration, input: RankerInput, seed: UInt64
  ) throws(RankerError) {
    try configuration.validate()
    self.configuration = configuration
    self.input = input
    model = try LinearModel(input: input, seed: seed)
  }

  /// See `Ranker`.
  public func output(of plan: RankerTraining) -> RankerOutput {
    configuration.calibrate ? .logit : .score
  }

  /// Solves the problem to the configuration's tolerance; of the plan, only seed and monitor are read.
  ///
  /// - Throws: what `Ranker.fit` throws, `RankerError.notSolved` if the tolerance was not reached, and
  ///   `.calibration`.
  @discardableResult
  public mutating func fit(
    training: some RankingBatchSource, validation: some RankingBatchSource, plan: RankerTraining,
    checkpoint: Checkpoint?, progress: (RankerProgress) -> Void, report: (RankerEpoch) -> Void
  ) throws -> TrainingRecord {
    try LinearFit(
      training: training, validation: validation, plan: plan, calibrates: configuration.calibrate,
      tolerance: configuration.tolerance
    ).run(self, constant: true, report: report) { design in
      let signs = training.labels.map { isPositive($0) ? 1.0 : -1 }
      let solver = DualCoordinateDescent(
        loss: configuration.loss, tolerance: configuration.tolerance,
        passes: configuration.passes, seed: plan.seed)
      return solver.solve(
        design.rows, signs: signs, costs: training.weights.map { configuration.c * Double($0) })
    }
  }
}
