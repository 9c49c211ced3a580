extension DiagnosisReport {
  /// One probe for leaks.
  public struct Probe: Sendable, Codable, Hashable {
    /// What was tried.
    public var name: String
    /// What came out.
    public var result: String
    /// Whether all is well.
    public var passed: Bool
  }

  /// Features and scores of requests as they are served, against those of the log.
  public struct Replay: Sendable, Codable, Hashable {
    /// Requests compared.
    public var requests: Int
    /// Candidates compared.
    public var candidates: Int
    /// Requests that the log does not have, whose features could not be compared.
    public var unmatched: Int
    /// Share of feature values that differ.
    public var mismatch: Double
    /// The largest difference of a score.
    public var scoreDifference: Double
    /// Share of values that differ, by feature, the worst first; those without a difference are
    /// left out.
    public var features: [Mismatch]

    /// One feature.
    public struct Mismatch: Sendable, Codable, Hashable {
      /// Its name.
      public var feature: String
      /// Share of values that differ.
      public var share: Double
    }
  }

  /// One value of the scene column.
  public struct Scene: Sendable, Codable, Hashable {
    /// The value; nil for all rarer ones together.
    public var value: String?
    /// Share of the training rows.
    public var trainShare: Double
    /// Share of the test rows.
    public var testShare: Double
    /// Metrics of its test rows, by name.
    public var metrics: [String: Double]
  }

  /// The model on one part.
  public struct PartQuality: Sendable, Codable, Hashable {
    /// The part.
    public var part: String
    /// Rows judged; a large part is sampled.
    public var rows: Int
    /// Metrics by name.
    public var metrics: [String: Double]
  }
}
