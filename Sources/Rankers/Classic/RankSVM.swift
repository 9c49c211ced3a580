public import NeuralNetworks
import RankingData

/// RankSVM (Herbrich, Graepel and Obermayer, 2000; Joachims, KDD 2002): the direction along which the
/// rows of each request stand in the order of their labels, with a margin between them.
///
/// `½ ‖w‖² + C Σ_requests (1 / pairs) Σ weight · max(0, 1 - w · (x_i - x_j))` over the pairs of a request
/// of which row i has the higher label, or the squares of the errors; a pair weighs what its row i
/// weighs. Dividing by the number of pairs gives long requests no more say than short ones. There is no
/// bias: it would cancel in every pair. Numbers and images are standardised inside.
///
/// Scores are made logits by Platt scaling on the validation rows, unless that is switched off. See
/// `LinearModel` for what it reads.
public struct RankSVM: LinearRanker {
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

  /// Solves the problem to the configuration's tolerance; of the plan, only the monitor is read.
  ///
  /// - Throws: what `Ranker.fit` throws, `RankerError.notSolved` if the tolerance was not reached,
  ///   `.noOrder` where no request has an order, and `.calibration`.
  @discardableResult
  public mutating func fit(
    training: some RankingBatchSource, validation: some RankingBatchSource, plan: RankerTraining,
    checkpoint: Checkpoint?, progress: (RankerProgress) -> Void, report: (RankerEpoch) -> Void
  ) throws -> TrainingRecord {
    try LinearFit(
      training: training, validation: validation, plan: plan, calibrates: configuration.calibrate,
      tolerance: configuration.tolerance
    ).run(self, constant: false, report: report) { design in
      let pairs = RequestPairs(
        requests: training.requests, labels: training.labels, weights: training.weights,
        loss: configuration.loss, c: configuration.c)
      guard pairs.count > 0 else { throw RankerError.noOrder("training") }
      let solver = RankSVMSolver(tolerance: configuration.tolerance, passes: configuration.passes)
      return switch configuration.loss {
      case .hinge: solver.solveHinge(design.rows, pairs)
      case .squaredHinge: solver.solveSquaredHinge(design.rows, pairs)
      }
    }
  }
}
