/// How the rows of a log are parted for training, validation and test.
public enum DataSplit: Sendable, Hashable {
  /// By time: the honest split for a model that will be asked about the future.
  case time(TimeSplit)
  /// The last requests of each user.
  case holdLast(HoldLastSplit)
  /// Requests by chance.
  case random(RandomSplit)
  /// Users by chance, or requests where there are no users.
  case group(GroupSplit)
  /// Files of their own.
  case parts(ReadyParts)

  /// Parts a log.
  /// - Throws: `RankingDataError` where a part would be empty, a request torn, or the log lacks the
  ///   times that a split needs.
  package func rows(of log: ImpressionLog) throws(RankingDataError) -> SplitRows {
    switch self {
    case .time(let split):
      try Self.demandTimes(of: log)
      return try split.rows(of: log.timestamps)
    case .holdLast(let split):
      try Self.demandTimes(of: log)
      guard log.hasUsers else {
        throw RankingDataError(
          .insufficientData, file: log.table.file,
          problem: "The last requests of each user are held out, but the rows have no users.",
          remedy: "Name the column in schema.user, or split by time or random.")
      }
      return try split.rows(
        users: log.users.codes, userCount: log.users.values.count, requests: log.requests.codes,
        requestCount: log.requests.values.count, times: log.timestamps)
    case .random(let split): return try split.rows(requests: log.requests)
    case .group(let split): return try split.rows(users: log.users)
    case .parts(let parts):
      return try parts.rows(sources: log.table.sources, requests: log.requests)
    }
  }

  private static func demandTimes(of log: ImpressionLog) throws(RankingDataError) {
    guard !log.hasTimestamps else { return }
    throw RankingDataError(
      .insufficientData, file: log.table.file,
      problem: "The split goes by time, but the rows have none (schema.timestamp is none).",
      remedy: "Write data.split: {by: random} or {by: group}, or name the column of the times.")
  }
}
