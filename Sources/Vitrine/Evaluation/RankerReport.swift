public import RankingEvaluation

/// How a ranker does on a part of a log, and how much better or worse than another.
public struct RankerReport: Sendable, Codable {
  /// Impressions judged.
  public var rows: Int
  /// Users among them.
  public var users: Int
  /// Requests among them.
  public var requests: Int
  /// Whether rows count by a weight of their own. Metrics by request count requests alike.
  public var weighted: Bool
  /// Share of impressions whose item the vocabulary does not hold: new, or too rare in training.
  /// Nil for a model that does not look at item ids.
  public var unknownItems: Double?
  /// Share of requests without a positive label.
  public var requestsWithoutPositive: Double
  /// Share of impressions of users with labels of one kind only, which are left out of GAUC.
  public var impressionsWithoutPair: Double
  /// What metrics of one name do differently elsewhere, in words.
  public var conventions: String
  /// The model's metrics.
  public var metrics: [MetricEstimate]
  /// This model less the other, resampled in pairs; empty without another.
  public var differences: [MetricEstimate]
  /// Metrics that were asked for and mean nothing on this log.
  public var leftOut: [LeftOut]
  /// The values of a column, judged one by one; empty where none was asked for.
  public var groups: [Group]
  /// Each outcome of a ranker of several tasks, over the rows that say something about it; empty for
  /// other rankers.
  public var tasks: [Task] = []
  /// How far predictions are from rates; nil where scores are no probabilities.
  public var calibration: Calibration?

  /// A metric without a meaning here.
  public struct LeftOut: Sendable, Codable, Hashable {
    /// Its name on the command line.
    public var metric: String
    /// Why.
    public var reason: String
  }

  /// The rows of one value of a column.
  public struct Group: Sendable, Codable, Hashable {
    /// The value; nil for the rest, all rarer values together.
    public var value: String?
    /// Distinct values: 1 unless it is the rest.
    public var values: Int
    /// Impressions.
    public var rows: Int
    /// Their share of all.
    public var share: Double
    /// What can be said of them, by metric: AUC, GAUC, PCOC and NDCG. Lists are those rows of a
    /// request that have the value.
    public var metrics: [String: Double]
  }

  /// One outcome.
  public struct Task: Sendable, Codable {
    /// Its name.
    public var task: String
    /// Impressions that say something about it.
    public var rows: Int
    /// AUC, GAUC, log loss and calibration, as far as they mean something.
    public var metrics: [MetricEstimate]
    /// This model less the other; empty without another of the same task.
    public var differences: [MetricEstimate]
    /// How far predictions are from rates; nil where labels are no probabilities.
    public var calibration: Calibration?
  }

  enum CodingKeys: String, CodingKey {
    case rows, users, requests, weighted, conventions, metrics, differences, groups, tasks,
      calibration
    case leftOut = "left_out"
    case unknownItems = "unknown_items"
    case requestsWithoutPositive = "requests_without_positive"
    case impressionsWithoutPair = "impressions_without_pair"
  }
}
