import Foundation
package import RankingData
import RankingEvaluation
import Tensors

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

/// The logits of all outcomes over many rows, and what the gates do.
package struct TaskScores {
  /// What rows are ordered by.
  package private(set) var scores: [Float] = []
  /// By outcome, then row.
  package private(set) var logits: [[Float]]
  private let outcomes: [String]
  private var gates: [(sums: [Double], entropy: Double)] = []

  package init(_ ranker: some MultiTaskRanker) {
    outcomes = ranker.outcomes
    logits = outcomes.map { _ in [] }
  }

  /// Scores a batch.
  package mutating func add(_ batch: RankingBatch, _ ranker: some MultiTaskRanker) {
    guard batch.count > 0 else { return }
    let pass = Pass.inference()
    let rows = ranker.fields(batch, pass).rows
    let values = ranker.outcomes(of: rows, pass).logits
    scores += ranker.objective.score(values).scalars.map { Float($0) }
    let scalars = values.scalars
    for outcome in outcomes.indices {
      logits[outcome] += stride(from: outcome, to: scalars.count, by: outcomes.count).map {
        Float(scalars[$0])
      }
    }
    for (task, gate) in ranker.gates(of: rows, pass).enumerated() { add(gate, task) }
  }

  private mutating func add(_ gate: Tensor, _ task: Int) {
    let experts = gate.shape[1]
    if gates.count == task { gates.append(([Double](repeating: 0, count: experts), 0)) }
    for (position, share) in gate.scalars.enumerated() {
      gates[task].sums[position % experts] += Double(share)
      if share > 0 { gates[task].entropy -= Double(share) * log(Double(share)) }
    }
  }

  /// How well each outcome is predicted.
  ///
  /// - Parameters:
  ///   - labels: by outcome, then row; NaN where a row says nothing.
  ///   - weights: by row.
  package func quality(labels: [[Float]], weights: [Float]) throws -> [TaskQuality] {
    try outcomes.indices.map { outcome in
      var quality = try TaskQuality(
        name: outcomes[outcome], logits: logits[outcome], labels: labels[outcome],
        weights: weights)
      if outcome < gates.count, !scores.isEmpty {
        let count = Double(scores.count)
        quality.gate = gates[outcome].sums.map { $0 / count }
        quality.gateEntropy = gates[outcome].entropy / count
      }
      return quality
    }
  }
}
