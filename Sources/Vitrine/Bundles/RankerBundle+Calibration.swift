import Rankers
import RankingData

// Where a calibration enters. That of the label's score also changes what follows from the label: a
// product of probabilities stays one.
extension RankerBundle {
  /// A score of the ranker after calibration.
  func calibrated(_ score: Float) -> Float {
    calibration == .none ? score : Float(calibration.logit(of: Double(score)))
  }

  /// Scores and, by outcome, logits of rows, after calibration.
  func answers(
    of ranker: some MultiTaskRanker, to batch: RankingBatch
  ) -> (scores: [Float], logits: [[Float]]) {
    var outcomes = taskScores(of: ranker)
    outcomes.score(batch, ranker)
    return (scores(of: outcomes, ranker), outcomes.logits)
  }

  /// Scores to be, of outcomes after calibration.
  func taskScores(of ranker: some MultiTaskRanker) -> TaskScores {
    guard calibratesLabel(of: ranker) else { return TaskScores(ranker) }
    return TaskScores(ranker) { self.calibrated($0) }
  }

  /// What rows are ordered by, of outcomes after calibration.
  func scores(of outcomes: TaskScores, _ ranker: some MultiTaskRanker) -> [Float] {
    calibratesLabel(of: ranker) ? outcomes.scores : outcomes.scores.map(calibrated)
  }

  /// Whether it is the label's score that is calibrated, and not one made of several outcomes.
  private func calibratesLabel(of ranker: some MultiTaskRanker) -> Bool {
    switch calibration {
    case .none: false
    case .platt: ranker.objective.ordersByLabel
    case .baseRate, .odds: true
    }
  }
}
