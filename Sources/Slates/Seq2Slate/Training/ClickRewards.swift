import Foundation

/// NDCG at a cut-off with clicks as binary relevance: gain 1, discount 1 / log2(rank + 1), and 0
/// for a list without clicks. `order` holds positions in the base order and may be a prefix.
///
/// With a `propensity` a click gains its weight, while the ideal stays that of the clicks alone:
/// the reward must grow with the weights, which a ratio of two weighted sums does not. It may
/// exceed 1 then.
package func clickNDCG(
  _ list: SlateList, order: [Int], at cutoff: Int, propensity: ClickPropensity? = nil
) -> Double {
  guard let clicks = list.clicks else { return 0 }
  func discount(_ rank: Int) -> Double { 1 / log2(Double(rank + 2)) }
  var gained = 0.0
  for (rank, candidate) in order.prefix(cutoff).enumerated() where clicks[candidate] {
    gained += list.clickWeight(candidate, propensity) * discount(rank)
  }
  let ideal = (0..<min(cutoff, clicks.count { $0 })).reduce(0) { $0 + discount($1) }
  return ideal > 0 ? gained / ideal : 0
}

/// Average precision of the clicks in an order: the mean over the clicks, or over the places where
/// there are fewer, of the share of clicks down to each; a click outside the order counts 0. 0 for a
/// list without clicks. With a `propensity` each click's share counts by its weight.
package func clickAveragePrecision(
  _ list: SlateList, order: [Int], propensity: ClickPropensity? = nil
) -> Double {
  guard let clicks = list.clicks else { return 0 }
  var (found, sum) = (0.0, 0.0)
  for (rank, candidate) in order.enumerated() where clicks[candidate] {
    found += 1
    sum += list.clickWeight(candidate, propensity) * found / Double(rank + 1)
  }
  let best = min(clicks.count { $0 }, order.count)
  return best > 0 ? sum / Double(best) : 0
}

/// What REINFORCE maximises.
struct ClickReward: Sendable {
  let measure: Seq2SlateTraining.Reinforce.Reward
  let propensity: ClickPropensity?

  /// Of the candidates served, which are all there is of an order: NDCG@10, or average precision.
  func callAsFunction(_ list: SlateList, _ order: [Int]) -> Double {
    switch measure {
    case .ndcg: clickNDCG(list, order: order, at: 10, propensity: propensity)
    case .map: clickAveragePrecision(list, order: order, propensity: propensity)
    }
  }
}
