import Foundation
package import RankingData
package import Tensors

/// The logits of all outcomes over many rows, and what the gates do.
package struct TaskScores {
  /// What rows are ordered by.
  package private(set) var scores: [Float] = []
  /// By outcome, then row.
  package private(set) var logits: [[Float]]
  private let outcomes: [String]
  private let label: ((Float) -> Float)?
  private var gates: [GateUse] = []

  /// What one gate did over all rows.
  private struct GateUse {
    var sums: [Double]
    var entropy = 0.0
  }

  /// - Parameter label: makes the label's score the logit that counts, where a calibration says so;
  ///   what follows from the label follows then from that.
  package init(_ ranker: some MultiTaskRanker, label: ((Float) -> Float)? = nil) {
    outcomes = ranker.outcomes
    logits = outcomes.map { _ in [] }
    self.label = label
  }

  /// Scores a batch.
  package mutating func add(_ batch: RankingBatch, _ ranker: some MultiTaskRanker) {
    add(score(batch, ranker))
  }

  /// Scores a batch, and leaves out what only reports want to know.
  ///
  /// - Returns: the gates' shares.
  @discardableResult
  package mutating func score(
    _ batch: RankingBatch, _ ranker: some MultiTaskRanker
  ) -> [Tensor] {
    guard batch.count > 0 else { return [] }
    let pass = Pass.inference()
    let found = ranker.outcomes(of: ranker.columns.rows(batch, pass, l2: 0).rows, pass)
    let values = corrected(found.logits, ranker)
    scores += ranker.objective.score(values).scalars.map { Float($0) }
    let scalars = values.scalars
    for outcome in outcomes.indices {
      logits[outcome] += stride(from: outcome, to: scalars.count, by: outcomes.count).map {
        Float(scalars[$0])
      }
    }
    return found.gates
  }

  private func corrected<Model: MultiTaskRanker>(_ values: Tensor, _ ranker: Model) -> Tensor {
    guard let label else { return values }
    let raw = values.slice(axis: 1, 0..<1)
    let logits = raw.scalars.map { Scalar(label(Float($0))) }
    return Model.outcomes(values, correctedTo: Tensor(logits, shape: raw.shape))
  }
}

extension TaskScores {
  private mutating func add(_ shares: [Tensor]) {
    if gates.isEmpty {
      gates = shares.map { GateUse(sums: [Double](repeating: 0, count: $0.shape[1])) }
    }
    for (gate, shares) in shares.enumerated() {
      let experts = shares.shape[1]
      for (position, share) in shares.scalars.enumerated() {
        gates[gate].sums[position % experts] += Double(share)
        if share > 0 { gates[gate].entropy -= Double(share) * log(Double(share)) }
      }
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
      // A single gate is every task's.
      if let gate = gates.count == 1 ? gates[0] : gates.dropFirst(outcome).first {
        let count = Double(scores.count)
        quality.gate = gate.sums.map { $0 / count }
        quality.gateEntropy = gate.entropy / count
      }
      return quality
    }
  }
}
