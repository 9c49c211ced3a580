import Foundation
package import Tensors

/// The supervised loss of Seq2Slate: at every step the cross-entropy between the clicks that are
/// left, sharing the target equally, and the choice, weighted by 1 / log2(j + 1).
///
/// A step without a click left costs nothing, and neither does a list without clicks. The loss of
/// a batch is the mean over its lists *with* clicks, so that lists without any change nothing.
package struct Seq2SlateLoss {
  /// Decoding steps that count.
  package var steps: Int

  package init(steps: Int) { self.steps = steps }

  package func callAsFunction(
    _ model: Seq2Slate, _ batch: SlateBatch, _ prefix: DecoderPrefix, _ pass: Pass
  ) -> Tensor {
    let clicked = batch.lists.count { $0.clicks?.contains(true) ?? false }
    var total = Tensor(scalar: 0)
    guard clicked > 0 else { return total }
    model.decode(model.encode(batch, pass), batch, steps: steps, pass) { step in
      let weight = 1 / (log2(Scalar(step.number + 2)) * Scalar(clicked))
      let targets = Self.targets(step, batch, weight: weight)
      guard targets.contains(where: { $0 > 0 }) else { return nil }
      total =
        total + softmaxCrossEntropy(logits: step.scores, targets: targets, mask: step.mask).sum()
      return prefix.picks(step, batch, random: &pass.random)
    }
    return total
  }

  /// [lists · n]: `weight`, shared by the clicks a list has left.
  private static func targets(
    _ step: Seq2Slate.Step, _ batch: SlateBatch, weight: Scalar
  ) -> [Scalar] {
    let n = batch.steps
    var targets = [Scalar](repeating: 0, count: n * batch.lists.count)
    for (b, list) in batch.lists.enumerated() {
      guard let clicks = list.clicks else { continue }
      let left = clicks.indices.filter { clicks[$0] && step.mask[b * n + $0] }
      for i in left { targets[b * n + i] = weight / Scalar(left.count) }
    }
    return targets
  }
}
