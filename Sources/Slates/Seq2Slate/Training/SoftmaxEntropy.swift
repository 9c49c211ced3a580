import Foundation
package import Tensors

/// Σ over rows of `weight · -Σ p log p`, p the softmax of a row over the elements that `mask`
/// leaves, as one differentiable number. Rows of weight 0 are not looked at.
///
/// Complexity: O(rows · columns).
/// - Parameters:
///   - logits: [rows, columns]
///   - weights: One a row.
package func softmaxEntropy(logits: Tensor, mask: [Bool], weights: [Scalar]) -> Tensor {
  let (rows, columns) = (logits.shape[0], logits.shape[1])
  precondition(
    mask.count == rows * columns && weights.count == rows,
    "\(mask.count) flags and \(weights.count) weights for \(logits.shape)")
  let logarithms = logSoftmax(logits.detached, mask: mask)
  let values = logarithms.span
  var entropies = [Scalar](repeating: 0, count: rows)
  for row in 0..<rows where weights[row] != 0 {
    for index in row * columns..<(row + 1) * columns where mask[index] {
      entropies[row] -= exp(values[index]) * values[index]
    }
  }
  let total = zip(weights, entropies).reduce(0) { $0 + $1.0 * $1.1 }
  return traced(Tensor(scalar: total), logits) { upstream in
    let factor = upstream.item()
    logits.node.accumulate(
      Tensor(shape: logits.shape) { out in
        let values = logarithms.span
        for row in 0..<rows where weights[row] != 0 {
          for index in row * columns..<(row + 1) * columns where mask[index] {
            let slope = -exp(values[index]) * (values[index] + entropies[row])
            out[index] = factor * weights[row] * slope
          }
        }
      })
  }
}
