import Foundation

/// NDCG at a cut-off with clicks as binary relevance: gain 1, discount 1 / log2(rank + 1), and 0
/// for a list without clicks. `order` holds positions in the base order and may be a prefix.
package func clickNDCG(_ list: SlateList, order: [Int], at cutoff: Int) -> Double {
  guard let clicks = list.clicks else { return 0 }
  func discount(_ rank: Int) -> Double { 1 / log2(Double(rank + 2)) }
  var gained = 0.0
  for (rank, candidate) in order.prefix(cutoff).enumerated() where clicks[candidate] {
    gained += discount(rank)
  }
  let ideal = (0..<min(cutoff, clicks.count { $0 })).reduce(0) { $0 + discount($1) }
  return ideal > 0 ? gained / ideal : 0
}
