import RankingData
import RankingEvaluation

/// How a ranker does on one of its outcomes, over the rows that say something about it.
public struct TaskQuality: Sendable, Hashable, Codable {
  /// The outcome.
  public var name: String
  /// Rows that say something about it.
  public var rows: Int
  /// Area under the ROC curve; nil where no label differs.
  public var auc: Double?
  /// Mean log loss, weighted by row; nil without rows.
  public var logLoss: Double?
  /// How much its gate uses each expert, on average; nil without gates.
  public var gate: [Double]?
  /// The mean entropy of its gate over rows, in nats: 0 where each row uses one expert alone.
  public var gateEntropy: Double?

  enum CodingKeys: String, CodingKey {
    case name, rows, auc, gate
    case logLoss = "log_loss"
    case gateEntropy = "gate_entropy"
  }

  /// Measures given logits.
  ///
  /// - Parameter labels: NaN for rows that say nothing.
  /// - Throws: `EvaluationError` if a logit is not a number.
  package init(name: String, logits: [Float], labels: [Float], weights: [Float]) throws {
    self.name = name
    let observed = labels.indices.filter { !labels[$0].isNaN }
    rows = observed.count
    guard rows > 0 else { return }
    let logits = observed.map { logits[$0] }
    let labels = observed.map { labels[$0] }
    if labels.allSatisfy({ (0...1).contains($0) }) {
      logLoss = try RankingEvaluation.logLoss(
        logits: logits, labels: labels, weights: observed.map { weights[$0] })
    }
    let classes = labels.map { isPositive($0) ? Float(1) : 0 }
    if Set(classes).count == 2 {
      auc = try RankingEvaluation.auc(scores: logits, labels: classes)
    }
  }
}
