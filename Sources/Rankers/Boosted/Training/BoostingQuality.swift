import Foundation
import NeuralNetworks
import RankingData
import RankingEvaluation

/// How margins do on labelled rows.
struct BoostingQuality {
  let objective: BoostedTrees.Objective
  let rows: LabelledRows

  /// NDCG@10 over the requests with something relevant; equal scores are ordered against us, the
  /// least relevant first.
  func ndcg(_ margins: [Float], cutoff: Int? = 10) throws -> Double {
    let metric = NDCG(cutoff: cutoff)
    var (sum, count) = (0.0, 0)
    for (first, next) in zip(rows.requests, rows.requests.dropFirst()) {
      let order = (first..<next).sorted {
        (margins[$1], rows.labels[$0]) < (margins[$0], rows.labels[$1])
      }
      if let value = try metric(order.map { rows.labels[$0] }) {
        (sum, count) = (sum + value, count + 1)
      }
    }
    return count > 0 ? sum / Double(count) : 0
  }

  /// What the objective minimises, or for those that rank, what NDCG lacks to 1.
  func loss(_ margins: [Float]) throws -> Double {
    switch objective {
    case .logistic:
      return try logLoss(logits: margins, labels: rows.labels, weights: rows.weights)
    case .squaredError:
      var (sum, weights) = (0.0, 0.0)
      for (row, margin) in margins.enumerated() {
        let error = Double(margin - rows.labels[row])
        sum += error * error * Double(rows.weights[row])
        weights += Double(rows.weights[row])
      }
      return weights > 0 ? sum / weights : 0
    case .pairwise, .ndcg, .averagePrecision, .lambdaMART:
      return 1 - (try ndcg(margins, cutoff: nil))
    }
  }
}

/// Judges a training after each round.
struct BoostingJudge {
  let training: BoostingQuality
  let validation: BoostingQuality
  let plan: RankerTraining

  func callAsFunction(_ run: borrowing BoostingRun) throws -> (EpochRecord, RankerQuality) {
    var quality = RankerQuality()
    let margins = run.validationMargins
    let rows = validation.rows
    let score: Double
    if validation.objective == .logistic {
      quality = try RankerQuality(logits: margins, labels: rows.labels, weights: rows.weights)
      score = quality.score(by: plan.monitor == .logLoss ? .logLoss : .auc)
    } else {
      let classes = rows.labels.map { isPositive($0) ? Float(1) : 0 }
      if Set(classes).count == 2 { quality.auc = try auc(scores: margins, labels: classes) }
      score =
        validation.objective.ranks
        ? try validation.ndcg(margins) : -(try validation.loss(margins))
    }
    let epoch = EpochRecord(
      epoch: run.rounds, loss: try training.loss(run.margins), score: score, batches: 1,
      learningRate: run.configuration.eta)
    return (epoch, quality)
  }
}
