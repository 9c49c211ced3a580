/// The last requests of each user are for the test, those before them for validation, all others are
/// for training: leave-one-out, as the literature on recommendation has it, or shares of every user's
/// history.
///
/// A user with two requests has none for validation; that of a user with one is for training.
/// Other users' training rows may be later than a test row, which a split by time rules out.
public struct HoldLastSplit: Sendable, Hashable {
  /// Shares of each user's requests, at least one of each kind.
  public struct Shares: Sendable, Hashable {
    /// The share of validation.
    public var validation: Double
    /// The share of the test.
    public var test: Double

    /// Shares, each above 0 and together below 1.
    public init(validation: Double, test: Double) {
      self.validation = validation
      self.test = test
    }
  }

  /// How much is held out; nil for one request each.
  public var shares: Shares?

  /// A split that holds out shares of each user's requests, or one for validation and one for test.
  public init(_ shares: Shares? = nil) { self.shares = shares }

  /// Parts the rows. A user's requests follow each other by time, then by row. O(n log n).
  /// - Parameters:
  ///   - users: user of each row, below `userCount`.
  ///   - requests: request of each row, below `requestCount`; all its rows are one user's.
  ///   - times: time of each row; one for all rows of a request.
  package func rows(
    users: Column<Int32>, userCount: Int, requests: Column<Int32>, requestCount: Int,
    times: Column<Int64>
  ) throws(RankingDataError) -> SplitRows {
    if let shares {
      guard shares.validation > 0, shares.test > 0, shares.validation + shares.test < 1 else {
        throw RankingDataError(
          .badValue,
          problem: "Shares of \(shares.validation) and \(shares.test) cannot part a history.",
          remedy: "Both are above 0, and together less than 1.")
      }
    }
    var first = [Int32](repeating: -1, count: requestCount)
    var counts = [Int](repeating: 0, count: userCount)
    for row in requests.indices where first[Int(requests[row])] < 0 {
      first[Int(requests[row])] = Int32(row)
      counts[Int(users[row])] += 1
    }
    // How many of the same user's requests come later.
    var later = [Int](repeating: 0, count: requestCount)
    var passed = [Int](repeating: 0, count: userCount)
    let latestFirst = first.filter { $0 >= 0 }.sorted {
      (times[Int($0)], $0) > (times[Int($1)], $1)
    }
    for row in latestFirst {
      let user = Int(users[Int(row)])
      later[Int(requests[Int(row)])] = passed[user]
      passed[user] += 1
    }
    return try SplitRows(count: users.count) { row in
      let held = held(of: counts[Int(users[row])])
      let after = later[Int(requests[row])]
      if after < held.test { return .test }
      return after < held.test + held.validation ? .validation : .train
    }.checked(
      validation: true, test: true, "few users have three requests",
      "Split by random or group, or give a longer log.")
  }

  /// How many of a user's requests are held out; the test comes before validation, and training
  /// before both.
  private func held(of count: Int) -> (validation: Int, test: Int) {
    func wanted(_ share: Double?) -> Int {
      share.map { max(1, Int((Double(count) * $0).rounded())) } ?? 1
    }
    let test = min(count - 1, wanted(shares?.test))
    return (min(count - 1 - test, wanted(shares?.validation)), test)
  }
}
