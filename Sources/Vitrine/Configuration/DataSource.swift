public import RankingData

/// Where training data comes from and how it is parted by time.
public struct DataSource: Sendable {
  /// The log of impressions (CSV).
  public var impressions: String
  /// Item features (CSV), or nil.
  public var catalogue: String?
  /// Parts for training, validation and test.
  public var split: TimeSplit

  /// Which part of the log.
  public enum Part: String, Sendable, CaseIterable {
    /// Everything, whatever the split.
    case all
    /// What rankers learn from.
    case train
    /// What stops rankers early, and what slate models learn from.
    case validation
    /// What models are judged by.
    case test
  }

  /// The log and the rows of each part.
  func load(_ schema: RankingSchema) throws -> (log: ImpressionLog, rows: SplitRows) {
    let log = try ImpressionLog(impressions: impressions, catalogue: catalogue, schema: schema)
    return (log, try split.rows(of: log.timestamps))
  }
}

extension SplitRows {
  subscript(part: DataSource.Part) -> [Int32] {
    switch part {
    case .all: train + validation + test
    case .train: train
    case .validation: validation
    case .test: test
    }
  }
}
