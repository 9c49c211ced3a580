import Foundation
import RankingData

/// The parts of a log as its configuration splits it: what `vitrine dataset split` shows and writes.
public struct DatasetParts: Sendable {
  /// What a part holds.
  public struct Summary: Sendable, Codable {
    /// `train`, `validation` or `test`.
    public var part: String
    /// Rows.
    public var rows: Int
    /// Distinct requests.
    public var requests: Int
    /// Distinct users, where the rows have them.
    public var users: Int?
    /// Distinct items, where the rows have them.
    public var items: Int?
    /// Share of rows whose label is positive.
    public var positiveShare: Double
    /// First time, in seconds since 1970.
    public var from: Int64?
    /// Last time.
    public var to: Int64?
  }

  private let log: ImpressionLog
  private let rows: SplitRows

  /// Reads a log and parts it.
  public init(_ file: TrainingFile) throws {
    (log, rows) = try file.data.load(file.rankerSchema)
  }

  /// The parts, in order.
  public var summaries: [Summary] {
    [DataSource.Part.train, .validation, .test].map { part in
      let members = rows[part]
      func distinct(_ column: Table.TextColumn) -> Int {
        Set(members.lazy.map { column.codes[Int($0)] }).count
      }
      let times = log.hasTimestamps ? members.lazy.map { log.timestamps[Int($0)] } : nil
      let positive = members.count { isPositive(log.labels[Int($0)]) }
      return Summary(
        part: part.rawValue, rows: members.count, requests: distinct(log.requests),
        users: log.hasUsers ? distinct(log.users) : nil,
        items: log.hasItems ? distinct(log.items) : nil,
        positiveShare: Double(positive) / Double(max(1, members.count)), from: times?.min(),
        to: times?.max())
    }
  }

  /// Writes `train.csv`, `validation.csv` and `test.csv` with the row's number in the log (from 1),
  /// its request, user and item.
  public func write(to folder: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    for part in [DataSource.Part.train, .validation, .test] {
      var text = "row,request,user,item\n"
      for row in rows[part] {
        let cells = [log.requests, log.users, log.items].map { Self.cell($0[Int(row)]) }
        text += "\(row + 1),\(cells.joined(separator: ","))\n"
      }
      try BundleFolder.write(Data(text.utf8), to: "\(folder)/\(part.rawValue).csv")
    }
  }

  private static func cell(_ text: String) -> String {
    guard text.contains(where: { "\",\n\r".contains($0) }) else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
  }
}
