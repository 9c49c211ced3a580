/// Parts requests by chance: a request is never torn, but a user's requests go to all parts, and
/// later ones teach about earlier ones. For logs without times; else a split by time is honest.
public struct RandomSplit: Sendable, Hashable, Codable {
  /// The share of validation.
  public var validation: Double
  /// The share of the test.
  public var test: Double
  /// Another seed parts the requests otherwise.
  public var seed: UInt64

  /// Shares of the requests, each at least 0 and together below 1.
  public init(validation: Double, test: Double, seed: UInt64 = 1) {
    self.validation = validation
    self.test = test
    self.seed = seed
  }

  /// Parts the rows by a hash of the request's id: it stays in its part whatever rows are added.
  /// O(n).
  package func rows(requests: Table.TextColumn) throws(RankingDataError) -> SplitRows {
    try HashedShares(validation: validation, test: test, seed: seed, salt: "request")
      .rows(of: requests, each: "requests")
  }
}
