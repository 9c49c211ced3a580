package import Tensors

/// Σ over lists of `weight · max(0, 1 - min s(open, clicked) + max s(open, unclicked))`, as one
/// differentiable number; a list without an open candidate of both kinds adds nothing.
///
/// At a kink the gradient is a subgradient: it goes to the lower base position among equals, and to
/// none where the margin is exactly kept. Complexity: O(lists · n).
/// - Parameters:
///   - scores: [lists, n]
///   - open: Which candidates may still be chosen; list-major, as `clicks`.
///   - weights: One a list.
package func pointerHinge(
  scores: Tensor, clicks: [Bool], open: [Bool], weights: [Scalar]
) -> Tensor {
  let (lists, n) = (scores.shape[0], scores.shape[1])
  precondition(
    clicks.count == lists * n && open.count == lists * n && weights.count == lists,
    "\(clicks.count) clicks, \(open.count) flags, \(weights.count) weights for \(scores.shape)")
  let values = scores.span
  var total: Scalar = 0
  var violations: [(clicked: Int, unclicked: Int, weight: Scalar)] = []
  for list in 0..<lists where weights[list] != 0 {
    var (clicked, unclicked): (Int?, Int?)
    for index in list * n..<(list + 1) * n where open[index] {
      if clicks[index] {
        if clicked.map({ values[index] < values[$0] }) ?? true { clicked = index }
      } else {
        if unclicked.map({ values[index] > values[$0] }) ?? true { unclicked = index }
      }
    }
    guard let clicked, let unclicked else { continue }
    let loss = 1 - values[clicked] + values[unclicked]
    // Put so that NaN is seen, not skipped.
    if loss <= 0 { continue }
    total += weights[list] * loss
    violations.append((clicked, unclicked, weights[list]))
  }
  return traced(Tensor(scalar: total), scores) { upstream in
    let factor = upstream.item()
    scores.node.accumulate(
      Tensor(shape: scores.shape) { out in
        for violation in violations {
          out[violation.clicked] -= factor * violation.weight
          out[violation.unclicked] += factor * violation.weight
        }
      })
  }
}
