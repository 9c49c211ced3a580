/// How often something was shown, and how often the answer was positive. Decayed counts are no whole
/// numbers.
public struct RateCounts: Sendable, Hashable, Codable {
  /// At most `impressions`.
  public var positives: Double
  /// At least 0.
  public var impressions: Double

  /// Creates counts.
  public init(positives: Double = 0, impressions: Double = 0) {
    self.positives = positives
    self.impressions = impressions
  }
}
