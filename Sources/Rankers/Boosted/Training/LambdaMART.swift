import Foundation
import Synchronization
import Tensors

/// First and second derivatives of LambdaMART (Burges, MSR-TR-2010-82): for every pair of unequal
/// grades in a request, the derivative of `log(1 + exp(-(s_i - s_j)))` times what swapping the two
/// changes in NDCG.
///
/// Only pairs with an item among the `truncation` best-ranked count, since the others cannot change
/// the top. With `normalize`, a pair's weight falls with the distance of its scores and a request's
/// derivatives grow only with the logarithm of their sum, as LightGBM does. Deterministic for any
/// number of cores; XGBoost 1.7 draws pairs at random instead.
package struct LambdaMART {
  private let truncation: Int
  private let normalize: Bool

  package init(truncation: Int, normalize: Bool) {
    self.truncation = truncation
    self.normalize = normalize
  }

  /// - Parameter requests: where each request starts; one more at the end.
  /// - Returns: one pair of derivatives for each row. O(rows · truncation).
  package func derivatives(
    scores: [Float], labels: [Float], weights: [Float], requests: [Int]
  ) -> (gradients: [Float], hessians: [Float]) {
    let count = requests.count - 1
    // Requests are independent, so how they are shared out changes nothing.
    let shards = min(64, max(count, 1))
    let parts = Mutex(
      [(gradients: [Float], hessians: [Float])](repeating: ([], []), count: shards))
    overCores(shards, elements: scores.count * 16) { shard in
      var part: (gradients: [Float], hessians: [Float]) = ([], [])
      for request in count * shard / shards..<count * (shard + 1) / shards {
        let rows = requests[request]..<requests[request + 1]
        let own = derivatives(scores[rows], labels[rows])
        for (row, value) in zip(rows, own) {
          part.gradients.append(Float(value.gradient) * weights[row])
          // A second derivative of zero would divide by nothing.
          part.hessians.append(max(Float(value.hessian) * weights[row], 1e-16))
        }
      }
      let ready = part
      parts.withLock { $0[shard] = ready }
    }
    let ready = parts.withLock { $0 }
    return (ready.flatMap(\.gradients), ready.flatMap(\.hessians))
  }

  private struct Derivatives {
    var gradient = 0.0
    var hessian = 0.0
  }

  private func derivatives(
    _ scores: ArraySlice<Float>, _ labels: ArraySlice<Float>
  ) -> [Derivatives] {
    let count = scores.count
    let (scores, labels) = (scores.map(Double.init), labels.map(Double.init))
    var result = [Derivatives](repeating: Derivatives(), count: count)
    let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
    let gains = labels.map { exp2($0) - 1 }
    let discounts = (0..<count).map { 1 / log2(Double($0 + 2)) }
    let top = min(truncation, count)
    let ideal = zip(gains.sorted(by: >), discounts).prefix(top).reduce(0) { $0 + $1.0 * $1.1 }
    guard ideal > 0, let best = order.first, let worst = order.last else { return result }
    let spread = scores[best] != scores[worst]
    var total = 0.0
    for first in 0..<top {
      for second in first + 1..<max(count, first + 1) {
        let (a, b) = (order[first], order[second])
        guard labels[a] != labels[b] else { continue }
        let (high, low) = labels[a] > labels[b] ? (a, b) : (b, a)
        let difference = scores[high] - scores[low]
        var weight =
          (gains[high] - gains[low]) * (discounts[first] - discounts[second]) / ideal
        if normalize, spread { weight /= 0.01 + abs(difference) }
        let probability = 1 / (1 + exp(difference))
        let gradient = weight * probability
        let hessian = gradient * (1 - probability)
        result[high].gradient -= gradient
        result[low].gradient += gradient
        result[high].hessian += hessian
        result[low].hessian += hessian
        total += 2 * gradient
      }
    }
    guard normalize, total > 0 else { return result }
    let scale = log2(1 + total) / total
    return result.map {
      Derivatives(gradient: $0.gradient * scale, hessian: $0.hessian * scale)
    }
  }
}
