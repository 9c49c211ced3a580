public import RankingData

/// Where training data comes from and how it is parted.
public struct DataSource: Sendable {
  /// Where the rows are.
  package enum Origin: Sendable, Hashable {
    /// In files, with the items in others.
    case files(TableFiles, catalogue: TableFiles?)
    /// In a folder that `vitrine dataset prepare` wrote.
    case prepared(String)
  }

  /// Where the rows are.
  package var origin: Origin
  /// Rows that a training adds to those that were shown, and those that it leaves out.
  public var negatives: NegativePlan?
  /// Parts for training, validation and test; `nil` where a prepared folder or the default decides.
  public var split: DataSplit?

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

  /// A log and where it lies.
  package init(_ origin: Origin, split: DataSplit? = nil) {
    self.origin = origin
    self.split = split
  }

  /// The split of a log that says nothing about it.
  package static let defaultSplit = DataSplit.time(.fractions(validation: 0.15, test: 0.15))

  /// The files with the rows.
  package var impressions: [String] {
    switch origin {
    case .files(let log, _): log.paths
    case .prepared(let folder): PreparedDataset.recipe(of: folder)?.log.paths ?? []
    }
  }

  /// The file with the items.
  package var catalogue: String? {
    switch origin {
    case .files(_, let catalogue): catalogue?.paths.first
    case .prepared(let folder): PreparedDataset.recipe(of: folder)?.catalogue?.paths.first
    }
  }

  /// The log and the rows of each part.
  package func load(_ schema: RankingSchema) throws -> (log: ImpressionLog, rows: SplitRows) {
    let log: ImpressionLog
    var split = split
    switch origin {
    case .files(let files, let catalogue):
      log = try ImpressionLog(files, catalogue: catalogue, schema: schema)
    case .prepared(let folder):
      let dataset = try PreparedDataset(path: folder)
      log = try ImpressionLog(dataset, schema: schema)
      split = split ?? dataset.recipe.parts.map(DataSplit.parts)
    }
    return (log, try (split ?? Self.defaultSplit).rows(of: log))
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
