import Foundation
package import Tensors

/// The supervised loss of Seq2Slate: at every step what the choice loses against the clicks that
/// are left, weighted by 1 / log2(j + 1).
///
/// - Cross-entropy: `-Σ ŷ log p` over the open candidates, ŷ the clicks, sharing 1.
/// - Hinge: `max(0, 1 - min s(clicked) + max s(unclicked))` over the open candidates.
///
/// A step without a click left costs nothing, and neither does a list without clicks. The loss of
/// a batch is the mean over its lists *with* clicks, so that lists without any change nothing.
///
/// With a `propensity`, ŷ of a click is its weight over the *number* of clicks left, and a hinge is
/// multiplied by their mean weight. ŷ is not brought back to a sum of 1: in a list with one click
/// that would take its weight away again.
package struct Seq2SlateLoss: Sendable {
  /// Decoding steps that count.
  package var steps: Int
  /// What a step costs.
  package var kind: Seq2SlateTraining.Loss
  /// What a click weighs; nil for 1.
  package var propensity: ClickPropensity?

  package init(
    steps: Int, kind: Seq2SlateTraining.Loss = .crossEntropy, propensity: ClickPropensity? = nil
  ) {
    self.steps = steps
    self.kind = kind
    self.propensity = propensity
  }

  /// - Parameter lists: The number of lists that the mean is over, where the batch is a part of a
  ///   larger one; those with clicks by default.
  package func callAsFunction(
    _ model: Seq2Slate, _ batch: SlateBatch, _ prefix: DecoderPrefix, _ pass: Pass,
    lists: Int? = nil
  ) -> Tensor {
    let clicked = lists ?? batch.lists.count { $0.hasClicks }
    var total = Tensor(scalar: 0)
    guard clicked > 0 else { return total }
    model.decode(model.encode(batch, pass), batch, steps: steps, pass) { step in
      let weight = 1 / (log2(Scalar(step.number + 2)) * Scalar(clicked))
      let targets = targets(step, batch, weight: weight)
      guard targets.contains(where: { $0 > 0 }) else { return nil }
      total = total + loss(step, targets)
      return prefix.picks(step, batch, random: &pass.random)
    }
    return total
  }

  private func loss(_ step: Seq2Slate.Step, _ targets: [Scalar]) -> Tensor {
    switch kind {
    case .crossEntropy:
      return softmaxCrossEntropy(logits: step.scores, targets: targets, mask: step.mask).sum()
    case .hinge:
      let n = step.scores.shape[1]
      let weights = step.chosen.indices.map { targets[$0 * n..<($0 + 1) * n].reduce(0, +) }
      return pointerHinge(
        scores: step.scores, clicks: targets.map { $0 > 0 }, open: step.mask, weights: weights)
    }
  }

  /// [lists · n]: `weight` times ŷ.
  private func targets(
    _ step: Seq2Slate.Step, _ batch: SlateBatch, weight: Scalar
  ) -> [Scalar] {
    let n = batch.steps
    var targets = [Scalar](repeating: 0, count: n * batch.lists.count)
    for (b, list) in batch.lists.enumerated() {
      guard let clicks = list.clicks else { continue }
      let left = clicks.indices.count { clicks[$0] && step.mask[b * n + $0] }
      guard left > 0 else { continue }
      for i in clicks.indices where clicks[i] && step.mask[b * n + i] {
        targets[b * n + i] = weight * Scalar(list.clickWeight(i, propensity)) / Scalar(left)
      }
    }
    return targets
  }
}
