import Foundation
import RankingData

/// What a prepared data set holds.
public struct DatasetReport: Sendable, Codable {
  /// A column.
  public struct Column: Sendable, Codable {
    /// Its name.
    public var name: String
    /// `text`, `number`, or both.
    public var kinds: [String]
    /// Rows without a value.
    public var missing: Int
    /// Distinct texts.
    public var distinct: Int?
    /// Least number.
    public var minimum: Double?
    /// Largest number.
    public var maximum: Double?
    /// Mean of the numbers.
    public var mean: Double?
    /// The most frequent texts and their rows.
    public var top: [Frequent]
  }

  /// A text and how often it occurs.
  public struct Frequent: Sendable, Codable {
    /// The text.
    public var value: String
    /// Its rows.
    public var count: Int
  }

  /// How labels spread over the ids of a field. Ids with one label alone are learned as always or
  /// never clicked.
  public struct Balance: Sendable, Codable {
    /// The column.
    public var field: String
    /// Distinct ids.
    public var ids: Int
    /// Ids with positive labels alone.
    public var onlyPositive: Int
    /// Ids with negative labels alone.
    public var onlyNegative: Int
    /// Ids with fewer than 20 rows.
    public var below20: Int
    /// Rows of those.
    public var rowsBelow20: Int
  }

  /// The folder.
  public var folder: String
  /// Whether it was already there, made from the same files in the same way.
  public var isUnchanged: Bool
  /// Rows.
  public var rows: Int
  /// Distinct requests, users and items, where the rows have them.
  public var requests: Int?
  /// Distinct users.
  public var users: Int?
  /// Distinct items.
  public var items: Int?
  /// Items of the catalogue.
  public var catalogueItems: Int?
  /// Items that the catalogue does not hold.
  public var itemsWithoutFeatures: Int
  /// First and last time, in seconds since 1970.
  public var times: [Int64]?
  /// Share of rows whose label is positive.
  public var positiveShare: Double
  /// Mean label.
  public var meanLabel: Double
  /// Rows of each label, where there are few different ones.
  public var labels: [String: Int]?
  /// Labels by id.
  public var balance: [Balance]
  /// Columns of the log.
  public var columns: [Column]
  /// Bytes of the files that were read.
  public var sourceBytes: Int
  /// Bytes of the folder.
  public var bytes: Int
  /// Seconds that reading and writing took; nil where nothing was done.
  public var seconds: Double?
  /// Rows read in a second.
  public var rowsPerSecond: Double?
}

extension DatasetReport {
  init(_ dataset: PreparedDataset, _ log: ImpressionLog, folder: String, seconds: Double?) {
    self.folder = folder
    self.seconds = seconds
    isUnchanged = seconds == nil
    rows = log.count
    rowsPerSecond = seconds.map { Double(log.count) / max($0, 1e-9) }
    requests = log.hasRequests ? log.requests.values.count : nil
    users = log.hasUsers ? log.users.values.count : nil
    items = log.hasItems ? log.items.values.count : nil
    catalogueItems = log.catalogue?.count
    itemsWithoutFeatures = log.itemsWithoutFeatures
    times = log.hasTimestamps ? [log.timestamps.min() ?? 0, log.timestamps.max() ?? 0] : nil
    let count = Double(max(1, log.count))
    positiveShare = Double(log.labels.count(where: isPositive)) / count
    meanLabel = log.labels.reduce(0.0) { $0 + Double($1) } / count
    labels = Self.counts(of: log.labels)
    let fields = (log.hasItems ? [log.items] : []) + (log.hasUsers ? [log.users] : [])
    balance = fields.map { Balance(LabelBalance($0, labels: log.labels)) }
    columns = dataset.log.summaries().map(Column.init)
    sourceBytes = dataset.recipe.sources.reduce(0) { $0 + $1.size }
    let files = FileManager.default
    bytes = (files.subpaths(atPath: folder) ?? []).reduce(0) { sum, name in
      let attributes = try? files.attributesOfItem(atPath: "\(folder)/\(name)")
      guard attributes?[.type] as? FileAttributeType == .typeRegular else { return sum }
      return sum + (attributes?[.size] as? Int ?? 0)
    }
  }

  /// Rows of each label, if there are at most twenty.
  private static func counts(of labels: RankingData.Column<Float>) -> [String: Int]? {
    var counts: [Float: Int] = [:]
    for label in labels {
      counts[label, default: 0] += 1
      if counts.count > 20 { return nil }
    }
    return Dictionary(
      uniqueKeysWithValues: counts.map { label, count in
        (label == label.rounded() ? "\(Int(label))" : "\(label)", count)
      })
  }
}

extension DatasetReport.Column {
  fileprivate init(_ summary: ColumnSummary) {
    self.init(
      name: summary.name, kinds: summary.kinds.map(\.rawValue), missing: summary.missing,
      distinct: summary.distinct, minimum: summary.minimum, maximum: summary.maximum,
      mean: summary.mean,
      top: summary.top.map { .init(value: $0.value, count: $0.count) })
  }
}

extension DatasetReport.Balance {
  fileprivate init(_ balance: LabelBalance) {
    self.init(
      field: balance.field, ids: balance.ids, onlyPositive: balance.onlyPositive,
      onlyNegative: balance.onlyNegative, below20: balance.rare, rowsBelow20: balance.rareRows)
  }
}
