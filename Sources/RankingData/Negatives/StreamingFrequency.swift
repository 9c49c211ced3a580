internal import Foundation

/// How often items come by in a stream, for the logQ correction of negatives that are the other
/// items of a batch (Yi et al., "Sampling-bias-corrected neural modeling for large corpus item
/// recommendations", RecSys 2019).
///
/// Of each item it keeps the last step and the mean gap between steps; the probability of meeting it
/// in a step is one over that gap. O(1) a step, and it follows items whose popularity changes.
package struct StreamingFrequency: Sendable {
  private var lastStep: [Int: Int] = [:]
  private var gap: [Int: Double] = [:]
  /// The weight of the newest gap.
  package let rate: Double

  /// - Parameter rate: in (0, 1]; small ones are steady, great ones fast.
  package init(rate: Double = 0.01) {
    precondition(rate > 0 && rate <= 1, "A rate lies in (0, 1], not at \(rate).")
    self.rate = rate
  }

  /// Notes that an item came by in a step; steps do not go back.
  package mutating func observe(_ item: Int, step: Int) {
    defer { lastStep[item] = step }
    guard let last = lastStep[item], step > last else { return }
    let newest = Double(step - last)
    gap[item] = gap[item].map { $0 + rate * (newest - $0) } ?? newest
  }

  /// The probability of meeting an item in a step; nil before it came by twice.
  package func probability(of item: Int) -> Double? { gap[item].map { min(1, 1 / $0) } }
}
