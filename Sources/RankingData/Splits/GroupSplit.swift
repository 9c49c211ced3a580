/// Parts users by chance: all rows of a user are in one part, so that the test asks how a model does
/// for people it has never seen.
public struct GroupSplit: Sendable, Hashable, Codable {
  /// The share of validation.
  public var validation: Double
  /// The share of the test.
  public var test: Double
  /// Another seed parts the users otherwise.
  public var seed: UInt64

  /// Shares of the users, each at least 0 and together below 1.
  public init(validation: Double, test: Double, seed: UInt64 = 1) {
    self.validation = validation
    self.test = test
    self.seed = seed
  }

  /// Parts the rows by a hash of the user's id: a user stays in one part from log to log. O(n).
  package func rows(users: Table.TextColumn) throws(RankingDataError) -> SplitRows {
    try HashedShares(validation: validation, test: test, seed: seed, salt: "user")
      .rows(of: users, each: "users")
  }
}
