package import Tensors

/// Orders that the lists of a batch were given step by step, with what they were chosen by.
package struct Rollout {
  /// One step of all lists.
  struct Step {
    /// [lists, n]
    let scores: Tensor
    let mask: [Bool]
    /// nil for a list that had no candidate left.
    let picks: [Int?]
  }

  /// Positions in base order, at most as many as steps.
  package private(set) var orders: [[Int]]
  private(set) var steps: [Step] = []

  /// Decodes `steps` steps by the choices of `prefix`.
  package init(
    _ model: Seq2Slate, _ encoded: Seq2Slate.Encoded, _ batch: SlateBatch, steps: Int,
    by prefix: DecoderPrefix, _ pass: Pass
  ) {
    var orders = [[Int]](repeating: [], count: batch.lists.count)
    var kept: [Step] = []
    model.decode(encoded, batch, steps: steps, pass) { step in
      let picks = prefix.picks(step, batch, random: &pass.random)
      let isOpen = batch.lists.indices.map { step.chosen[$0].count < batch.lists[$0].count }
      kept.append(
        Step(
          scores: step.scores, mask: step.mask,
          picks: zip(picks, isOpen).map { $1 ? $0 : nil }))
      for (b, pick) in picks.enumerated() where isOpen[b] { orders[b].append(pick) }
      return picks
    }
    (self.orders, self.steps) = (orders, kept)
  }

  /// `-Σ weight · Σ_j log p(π_j | π_<j)`, the weights one a list; one number.
  package func negativeLogLikelihood(_ weights: [Double]) -> Tensor {
    steps.reduce(Tensor(scalar: 0)) { total, step in
      let n = step.scores.shape[1]
      var targets = [Scalar](repeating: 0, count: step.mask.count)
      for (b, pick) in step.picks.enumerated() {
        if let pick { targets[b * n + pick] = Scalar(weights[b]) }
      }
      return total
        + softmaxCrossEntropy(logits: step.scores, targets: targets, mask: step.mask).sum()
    }
  }

  /// `Σ weight · Σ_j H(p(· | π_<j))`, the weights one a list; one number. The orders are taken as
  /// given: their own dependence on the model is left out, as usual.
  package func entropy(_ weights: [Double]) -> Tensor {
    steps.reduce(Tensor(scalar: 0)) { total, step in
      let own = zip(weights, step.picks).map { $1 == nil ? 0 : Scalar($0) }
      return total + softmaxEntropy(logits: step.scores, mask: step.mask, weights: own)
    }
  }
}
