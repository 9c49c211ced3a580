public import RankingEvaluation

/// A value with its bootstrap interval, as reports print it.
public struct MetricEstimate: Sendable, Codable, Hashable {
  /// The name of the metric.
  public var metric: String
  /// The value on the data itself.
  public var value: Double
  /// Lower end of the 95 % interval; nil for a metric without one.
  public var lower: Double?
  /// Upper end of the 95 % interval.
  public var upper: Double?
  /// Of a difference: the two-sided p of there being none, by the same draws.
  public var p: Double?
  /// Of a difference in AUC or GAUC: the improvement as a share of the other's distance from chance
  /// (RelaImpr); nil for anything else.
  public var relative: Double?
  /// Each training's own value, where several of one model were judged; nil for a single one.
  public var trainings: [Double]?
  /// What the trainings of two models allow to be said; nil without several on each side.
  public var seeds: SeedComparison?

  /// The standard deviation over trainings, which the interval does not contain.
  public var spread: Double? {
    guard let trainings, trainings.count > 1 else { return nil }
    return standardDeviation(trainings)
  }

  init(_ metric: String, value: Double, _ interval: BootstrapInterval?) {
    self.metric = metric
    self.value = value
    // Where no draw had a value, as with a single user of one kind of label, there is no interval.
    guard let interval, interval.lower.isFinite, interval.upper.isFinite else { return }
    lower = interval.lower
    upper = interval.upper
  }

  /// A difference with its p; nil without an interval.
  init?(difference metric: String, _ interval: BootstrapInterval?) {
    guard let interval else { return nil }
    self.init(metric, value: interval.estimate, interval)
    p = lower == nil ? nil : interval.p
  }

  /// Nil without an interval.
  init?(_ metric: String, _ interval: BootstrapInterval?) {
    guard let interval else { return nil }
    self.init(metric, value: interval.estimate, interval)
  }
}
