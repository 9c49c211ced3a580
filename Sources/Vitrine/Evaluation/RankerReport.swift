/// How a ranker does on a part of a log, and how much better or worse than another.
public struct RankerReport: Sendable, Codable {
  /// Impressions judged.
  public var rows: Int
  /// Users among them.
  public var users: Int
  /// Share of impressions whose item the vocabulary does not hold: new, or too rare in training.
  /// Nil for a model that does not look at item ids.
  public var unknownItems: Double?
  /// Share of requests without a positive label, which have no NDCG and are left out of it.
  public var requestsWithoutPositive: Double
  /// Share of impressions of users with labels of one kind only, which are left out of GAUC.
  public var impressionsWithoutPair: Double
  /// The model's metrics.
  public var metrics: [MetricEstimate]
  /// This model less the other, resampled in pairs; empty without another.
  public var differences: [MetricEstimate]

  enum CodingKeys: String, CodingKey {
    case rows, users, metrics, differences
    case unknownItems = "unknown_items"
    case requestsWithoutPositive = "requests_without_positive"
    case impressionsWithoutPair = "impressions_without_pair"
  }
}
