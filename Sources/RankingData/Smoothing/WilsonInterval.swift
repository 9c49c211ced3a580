/// Wilson's score interval of a rate (1927): unlike the normal one it stays within 0...1, and it is
/// wide where little was seen.
public struct WilsonInterval: Sendable, Hashable {
  /// Lower bound; 0 without impressions.
  public let lower: Double
  /// Upper bound; 1 without impressions.
  public let upper: Double

  /// - Parameter quantile: of the standard normal distribution; 1.96 makes it a 95 % interval.
  public init(_ counts: RateCounts, quantile z: Double = 1.96) {
    let n = counts.impressions
    guard n > 0 else {
      (lower, upper) = (0, 1)
      return
    }
    let rate = min(max(counts.positives / n, 0), 1)
    let centre = rate + z * z / (2 * n)
    let reach = z * (rate * (1 - rate) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    lower = max(0, (centre - reach) / scale)
    upper = min(1, (centre + reach) / scale)
  }
}
