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
  /// Each training's own value, where several of one model were judged; nil for a single one.
  public var trainings: [Double]?

  /// The standard deviation over trainings, which the interval does not contain.
  public var spread: Double? {
    guard let trainings, trainings.count > 1 else { return nil }
    let mean = trainings.reduce(0, +) / Double(trainings.count)
    let squares = trainings.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(trainings.count - 1)).squareRoot()
  }

  /// Nil without an interval.
  init?(_ metric: String, _ interval: BootstrapInterval?, offset: Double = 0) {
    guard let interval else { return nil }
    self.metric = metric
    value = interval.estimate + offset
    lower = interval.lower + offset
    upper = interval.upper + offset
  }
}
