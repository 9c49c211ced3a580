import Foundation
public import RankingData
public import Tensors

/// ListMLE (Xia et al., ICML 2008): the likelihood of the order that the labels ask for, drawn place
/// by place without replacement (Plackett and Luce):
/// `Σ_k [log Σ_(j ≥ k) e^(s_π(j)) - s_π(k)]`, π sorting the labels in descending order.
///
/// Equal labels ask for no order. They are shuffled anew in every step by the pass's own stream, so
/// that training averages over their orders, and equal seeds give equal trainings. The term of place k
/// is multiplied by the weight of the row there.
public struct ListMLELoss: RankingLoss {
  /// See `RankingLoss`.
  public static let kind = "listmle"
  /// See `RankingLoss`.
  public static let scope = RankingLossScope.requests

  /// The loss; it has no parameters.
  public init() {}

  /// See `RankingLoss`. O(n log n) for a request of n rows.
  public func callAsFunction(_ scores: Tensor, _ batch: RankingBatch, _ pass: Pass) -> Tensor {
    var random = pass.random
    defer { pass.random = random }
    return meanOverLists(scores, batch) { list in
      loss(list, order: Self.order(of: list.labels, &random))
    }
  }

  /// Places by descending label, equal ones by chance.
  private static func order(of labels: [Double], _ random: inout RandomStream) -> [Int] {
    let keys = labels.map { _ in random.next() }
    return labels.indices.sorted { a, b in
      if labels[a] != labels[b] { return labels[a] > labels[b] }
      return keys[a] != keys[b] ? keys[a] < keys[b] : a < b
    }
  }

  /// In logarithms throughout: neither sum overflows, however far the scores lie apart.
  package func loss(_ list: JudgedList, order: [Int]) -> ListLossValue {
    var value = ListLossValue(count: list.count)
    // log Σ e^s of what is left at each place.
    var remaining = [Double](repeating: -.infinity, count: list.count)
    var sum = -Double.infinity
    for place in order.indices.reversed() {
      sum = logSum(sum, list.scores[order[place]])
      remaining[place] = sum
    }
    // log Σ w / (Σ e^s) over the places so far.
    var pressure = -Double.infinity
    for (place, index) in order.enumerated() {
      let (score, weight) = (list.scores[index], list.weights[index])
      value.loss += weight * (remaining[place] - score)
      if weight > 0 { pressure = logSum(pressure, log(weight) - remaining[place]) }
      value.gradient[index] = exp(score + pressure) - weight
    }
    return value
  }
}

/// log(e^a + e^b)
private func logSum(_ a: Double, _ b: Double) -> Double {
  let (low, high) = a < b ? (a, b) : (b, a)
  return low == -.infinity ? high : high + log1p(exp(low - high))
}
