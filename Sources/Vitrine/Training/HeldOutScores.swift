import Rankers
import RankingData
import RankingEvaluation

/// A trained ranker on rows that it did not learn from.
struct HeldOutScores {
  private let ranker: any Ranker
  private let data: FittingData

  init(_ ranker: any Ranker, _ data: FittingData) {
    (self.ranker, self.data) = (ranker, data)
  }

  /// What makes probabilities of the scores, fitted to the validation rows that were shown.
  ///
  /// - Parameter note: called where none can be fitted: the model is not lost over it.
  func calibration(
    _ training: RankerTraining, output: RankerOutput, _ note: (String) -> Void
  ) -> ScoreCalibration {
    let plan = data.negatives?.plan
    do {
      if training.calibration == .platt || plan?.correction == .calibrate {
        let rows = data.rows.validation
        return .platt(
          try PlattScaling.fit(
            scores: scores(rows), labels: rows.map { data.log.labels[Int($0)] },
            weights: rows.map { data.log.weights[Int($0)] }))
      }
      // It is the label that negatives were left out by, whatever else the score is made of.
      let label = (ranker as? any MultiTaskRanker)?.labelOutput(of: training) ?? output
      if output == .odds {
        return .odds(
          try OddsCorrection(positives: positiveShare(plan), keptNegatives: plan?.keep ?? 1))
      }
      // A machine's own calibration saw validation rows, which keep all their negatives.
      if let keep = plan?.keep, keep < 1, label != .score, !(ranker is any LinearRanker) {
        return .baseRate(try BaseRateCorrection(keptNegatives: keep))
      }
    } catch {
      note("note: scores stay as they are: \(error)")
    }
    return .none
  }

  /// The share of positives among the training rows that were shown, those left out included.
  private func positiveShare(_ plan: NegativePlan?) -> Double {
    let shown = data.rows.train.filter { Int($0) < data.shownCount }
    let positives = Double(shown.count { isPositive(data.log.labels[Int($0)]) })
    let negatives = (Double(shown.count) - positives) / (plan?.keep ?? 1)
    return positives / max(positives + negatives, 1)
  }

  /// How well positives of the validation rows are told from each kind of drawn negatives. Random
  /// ones are easy, and a mean over all kinds would flatter.
  func areas() throws -> [(source: String, auc: Double)] {
    guard let negatives = data.negatives else { return [] }
    let positives = data.rows.validation.filter { isPositive(data.log.labels[Int($0)]) }
    let exposed = data.rows.validation.filter { !isPositive(data.log.labels[Int($0)]) }
    let own = scores(positives)
    return try NegativeSource.allCases.compactMap { source in
      let rows = source == .exposed ? exposed : negatives.validation[source] ?? []
      guard !rows.isEmpty, !positives.isEmpty else { return nil }
      let area = try auc(
        scores: own + scores(rows),
        labels: [Float](repeating: 1, count: own.count) + [Float](repeating: 0, count: rows.count))
      return ("\(source)", area)
    }
  }

  private func scores(_ rows: [Int32]) -> [Float] {
    stride(from: 0, to: rows.count, by: 4096).flatMap { first in
      ranker.scores(of: data.compiled.batch(rows[first..<min(first + 4096, rows.count)]))
    }
  }
}
