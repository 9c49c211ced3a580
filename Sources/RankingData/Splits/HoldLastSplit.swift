/// The last request of each user is for the test, the one before it for validation, all others are
/// for training: leave-one-out, as the literature on recommendation has it.
///
/// Of a user with two requests the later is for the test; that of a user with one is for training.
/// Other users' training rows may be later than a test row, which a split by time rules out.
public struct HoldLastSplit: Sendable, Hashable, Codable {
  /// The split, which has nothing to choose.
  public init() {}

  /// Parts the rows. A user's requests follow each other by time, then by row. O(n log n).
  /// - Parameters:
  ///   - users: user of each row, below `userCount`.
  ///   - requests: request of each row, below `requestCount`; all its rows are one user's.
  ///   - times: time of each row; one for all rows of a request.
  package func rows(
    users: Column<Int32>, userCount: Int, requests: Column<Int32>, requestCount: Int,
    times: Column<Int64>
  ) throws(RankingDataError) -> SplitRows {
    // Two rows of each user are enough: the first of the last request and of the one before.
    var last = [Int32](repeating: -1, count: userCount)
    var before = last
    var counts = [Int32](repeating: 0, count: userCount)
    var isSeen = [Bool](repeating: false, count: requestCount)
    for row in users.indices {
      let request = Int(requests[row])
      if isSeen[request] { continue }
      isSeen[request] = true
      let user = Int(users[row])
      counts[user] += 1
      if last[user] < 0 || times[row] >= times[Int(last[user])] {
        before[user] = last[user]
        last[user] = Int32(row)
      } else if before[user] < 0 || times[row] >= times[Int(before[user])] {
        before[user] = Int32(row)
      }
    }
    return try SplitRows(count: users.count) { row in
      let user = Int(users[row])
      let request = requests[row]
      if counts[user] > 1, request == requests[Int(last[user])] { return .test }
      return counts[user] > 2 && request == requests[Int(before[user])] ? .validation : .train
    }.checked(
      validation: true, test: true, "few users have three requests",
      "Split by random or group, or give a longer log.")
  }
}
