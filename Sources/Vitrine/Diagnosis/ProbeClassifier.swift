import Rankers
import RankingData
import RankingEvaluation

/// A logistic regression over some features, fitted to tell one kind of row from another: quick,
/// and as good as any where the question is whether there is anything to tell by.
struct ProbeClassifier {
  let ranker: any Ranker

  /// - Parameter batch: the rows to learn from, with their labels.
  init(_ batch: RankingBatch, _ layout: FeatureLayout, seed: UInt64) throws {
    var ranker = try RankerRegistry.make(
      RankerSpecification(kind: "logistic"), input: RankerInput(layout: layout), seed: seed)
    var plan = RankerTraining()
    plan.epochs = 4
    plan.patience = 4
    plan.batchSize = 512
    plan.learningRate = 0.02
    plan.monitor = .logLoss
    plan.seed = seed
    _ = try ranker.fit(
      training: batch, validation: batch, plan: plan, checkpoint: nil, report: { _ in })
    self.ranker = ranker.prepared()
  }

  /// AUC on other rows; ½ where they are all of one kind.
  func auc(_ batch: RankingBatch) throws -> Double {
    guard Set(batch.labels).count == 2 else { return 0.5 }
    return try RankingEvaluation.auc(scores: ranker.scores(of: batch), labels: batch.labels)
  }
}

/// Two standard errors of an AUC of ½ (Hanley and McNeil, 1982), for independent rows.
func aucMargin(positives: Double, negatives: Double) -> Double {
  2 * ((positives + negatives + 1) / (12 * max(positives, 1) * max(negatives, 1))).squareRoot()
}
