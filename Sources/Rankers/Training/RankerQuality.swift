import RankingData
import RankingEvaluation

/// How a ranker does on labelled rows: what early stopping looks at.
public struct RankerQuality: Sendable, Hashable, Codable {
  /// Area under the ROC curve, ties counting half; 0.5 if all labels are equal.
  public var auc = 0.5
  /// Mean log loss, weighted by row.
  public var logLoss = 0.0

  /// No rows yet.
  public init() {}

  /// Scores a source in blocks. O(n).
  ///
  /// - Throws: `EvaluationError` if a logit is not a number or a label lies outside [0, 1].
  public init(of ranker: some Ranker, on source: some RankingBatchSource) throws {
    let prepared = ranker.prepared()
    var logits: [Float] = []
    var labels: [Float] = []
    var weights: [Float] = []
    let order = Array(0..<Int32(source.count))
    for first in stride(from: 0, to: order.count, by: 4096) {
      let batch = source.batch(order[first..<min(first + 4096, order.count)])
      logits += prepared.scores(of: batch)
      labels += batch.labels
      weights += batch.weights
    }
    try self.init(logits: logits, labels: labels, weights: weights)
  }

  /// Measures given logits.
  package init(logits: [Float], labels: [Float], weights: [Float]? = nil) throws {
    logLoss = try RankingEvaluation.logLoss(logits: logits, labels: labels, weights: weights)
    let classes = labels.map { isPositive($0) ? Float(1) : 0 }
    if Set(classes).count == 2 {
      auc = try RankingEvaluation.auc(scores: logits, labels: classes)
    }
  }
}
