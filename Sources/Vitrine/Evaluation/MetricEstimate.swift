import RankingEvaluation

/// A value with its bootstrap interval, as reports print it.
public struct MetricEstimate: Sendable, Codable, Hashable {
  /// The name of the metric.
  public var metric: String
  /// The value on the data itself.
  public var value: Double
  /// Lower end of the 95 % interval.
  public var lower: Double
  /// Upper end of the 95 % interval.
  public var upper: Double

  /// Nil without an interval.
  init?(_ metric: String, _ interval: BootstrapInterval?, offset: Double = 0) {
    guard let interval else { return nil }
    self.metric = metric
    value = interval.estimate + offset
    lower = interval.lower + offset
    upper = interval.upper + offset
  }
}
