import Foundation

/// The conventional reading of a population stability index.
public enum DriftBand: String, Sendable, Hashable, Codable, CaseIterable {
  /// Below 0.1.
  case stable
  /// From 0.1 to 0.25.
  case moderate
  /// Above 0.25.
  case large

  /// The band of an index.
  public init(psi: Double) { self = psi < 0.1 ? .stable : psi <= 0.25 ? .moderate : .large }
}

/// Population stability index Σ (q - p) ln(q / p) of the shares of two samples: the symmetric
/// Kullback-Leibler divergence. O(n).
/// - Parameters:
///   - expected: counts of the training rows, by bin.
///   - actual: counts of the rows compared, by the same bins.
///   - epsilon: the least share, so that an empty bin is not infinite.
/// - Throws: `EvaluationError` for unequal lengths, negative counts, or a side without rows.
package func populationStability(
  expected: [Double], actual: [Double], epsilon: Double = 1e-4
) throws(EvaluationError) -> Double {
  try checkCounts(expected.count, ("bins of the other side", actual.count))
  try checkFinite(expected + actual, "Count")
  let (first, second) = (expected.reduce(0, +), actual.reduce(0, +))
  guard first > 0, second > 0, (expected + actual).allSatisfy({ $0 >= 0 }) else {
    throw EvaluationError(
      .outOfRange,
      "Bins hold \(first) and \(second) rows. Both sides need rows, and no count is negative.")
  }
  return zip(expected, actual).reduce(0) { sum, bin in
    let p = max(bin.0 / first, epsilon)
    let q = max(bin.1 / second, epsilon)
    return sum + (q - p) * log(q / p)
  }
}
