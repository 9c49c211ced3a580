import RankingData

/// Turns a part of a log back into requests: `vitrine dataset requests`.
public enum RequestFile {
  /// Writes the requests of one part of a ranker's log.
  /// - Returns: their number.
  public static func write(
    _ file: TrainingFile, part: DataSource.Part, to output: String
  ) throws -> Int {
    let requests = try logged(file, part: part)
    var writer = try JSONLinesWriter(path: output)
    for logged in requests { try writer.write(logged.request) }
    try writer.flush()
    return requests.count
  }

  /// The requests of one part of a ranker's log, with their clicks.
  static func logged(_ file: TrainingFile, part: DataSource.Part) throws -> [LoggedRequest] {
    let (log, rows) = try file.data.load(file.rankerSchema)
    return try log.loggedRequests(rows: rows[part])
  }
}
