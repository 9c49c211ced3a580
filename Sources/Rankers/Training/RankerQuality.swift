import Foundation
import RankingData

/// How a ranker does on labelled rows: what early stopping looks at.
public struct RankerQuality: Sendable, Hashable, Codable {
  /// Area under the ROC curve, ties counting half; 0.5 if all labels are equal.
  public var auc = 0.5
  /// Mean log loss.
  public var logLoss = 0.0

  /// No rows yet.
  public init() {}

  /// Scores a source in blocks. O(n log n).
  public init(of ranker: some Ranker, on source: some RankingBatchSource) {
    let prepared = ranker.prepared()
    var logits: [Float] = []
    var labels: [Float] = []
    let order = Array(0..<Int32(source.count))
    for first in stride(from: 0, to: order.count, by: 4096) {
      let batch = source.batch(order[first..<min(first + 4096, order.count)])
      logits += prepared.logits(of: batch)
      labels += batch.labels
    }
    self.init(logits: logits, labels: labels)
  }

  /// Measures given logits; labels above 0.5 are positive for the AUC.
  package init(logits: [Float], labels: [Float]) {
    let losses = zip(logits, labels).reduce(0.0) { sum, row in
      let z = Double(row.0)
      return sum + max(z, 0) - z * Double(row.1) + log1p(exp(-abs(z)))
    }
    logLoss = losses / Double(max(logits.count, 1))
    auc = Self.auc(logits, labels)
  }

  /// The share of (positive, negative) pairs in the right order, by rank sums.
  private static func auc(_ logits: [Float], _ labels: [Float]) -> Double {
    let order = logits.indices.sorted { logits[$0] < logits[$1] }
    var (rankSum, positives) = (0.0, 0.0)
    var first = 0
    while first < order.count {
      var end = first
      var tied = 0.0
      while end < order.count, logits[order[end]] == logits[order[first]] {
        if labels[order[end]] > 0.5 { tied += 1 }
        end += 1
      }
      // A logit that is not a number equals nothing, itself included.
      end = max(end, first + 1)
      rankSum += tied * Double(first + 1 + end) / 2
      positives += tied
      first = end
    }
    let negatives = Double(order.count) - positives
    guard positives > 0, negatives > 0 else { return 0.5 }
    return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
  }
}
