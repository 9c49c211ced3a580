internal import Foundation

/// Draws items in proportion to a power of how often they were seen. The exponent 0.75 lies between
/// uniform and proportional draws, as for the words of word2vec (Mikolov et al., NeurIPS 2013).
///
/// Alias method (Walker, 1977; Vose, 1991): O(items) to build, O(1) a draw.
package struct PopularityDistribution: Sendable {
  /// The probability of each item.
  package let probabilities: [Double]
  /// Of each column, the share that is its own; the rest is its alias's.
  private let shares: [Double]
  private let aliases: [Int32]

  /// A distribution over the items of `counts`; an item that was never seen is never drawn. Where
  /// none was seen, all are as likely.
  package init(counts: [Int], exponent: Double = 0.75) {
    var weights = counts.map { $0 > 0 ? pow(Double($0), exponent) : 0 }
    if !weights.contains(where: { $0 > 0 }) { weights = weights.map { _ in 1 } }
    let total = weights.reduce(0, +)
    let probabilities = weights.map { $0 / total }
    var shares = probabilities.map { $0 * Double(counts.count) }
    var aliases = Array(0..<Int32(counts.count))
    var small = shares.indices.filter { shares[$0] < 1 }
    var large = shares.indices.filter { shares[$0] >= 1 }
    while let low = small.popLast(), let high = large.last {
      aliases[low] = Int32(high)
      shares[high] -= 1 - shares[low]
      if shares[high] < 1 {
        large.removeLast()
        small.append(high)
      }
    }
    // What rounding leaves over is a whole column of its own.
    for rest in small + large where aliases[rest] == Int32(rest) { shares[rest] = 1 }
    self.probabilities = probabilities
    self.shares = shares
    self.aliases = aliases
  }

  /// Draws an item.
  package func draw(_ random: inout SeededRandom) -> Int {
    let column = Int.random(in: 0..<shares.count, using: &random)
    return random.uniform() < shares[column] ? column : Int(aliases[column])
  }
}
