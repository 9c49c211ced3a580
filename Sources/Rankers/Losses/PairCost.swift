import Foundation

/// What a pair costs whose preferred item is ahead by `margin`: `log(1 + e^-margin)`, and the slope
/// along the margin, negated: `σ(-margin)`. No margin overflows.
struct PairCost {
  let loss: Double
  let pull: Double

  init(margin: Double) {
    let small = exp(-abs(margin))
    loss = log1p(small) + max(-margin, 0)
    pull = (margin > 0 ? small : 1) / (1 + small)
  }
}

extension JudgedList {
  /// Calls `body` for every pair of places of which the first is to stand above the second, in an
  /// order that depends on the labels alone. O(n²) at worst.
  func forEachPair(_ body: (_ above: Int, _ below: Int) -> Void) {
    let order = byLabel
    var end = 0
    for (place, above) in order.enumerated() {
      // Where the labels equal to this one end.
      if place == end {
        while end < count, labels[order[end]] == labels[above] { end += 1 }
      }
      for other in end..<count { body(above, order[other]) }
    }
  }
}
