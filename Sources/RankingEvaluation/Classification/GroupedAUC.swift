/// AUC within users, averaged by their impressions (Zhu et al., "Optimized cost per click in Taobao
/// display advertising", KDD 2017). A ranker is judged by the order it gives each user, and not by
/// telling active users from idle ones.
public struct GroupedAUC: Sendable, Hashable {
  /// The average over users with both classes.
  public var value: Double
  /// Users with both classes.
  public var users: Int
  /// All users.
  public var allUsers: Int
  /// Share of the impressions that belong to users with both classes.
  public var coverage: Double
}

/// One user's part in the grouped AUC.
package struct UserAUC: Sendable, Hashable {
  /// The user number.
  package var group: Int32
  /// AUC of the user's impressions.
  package var auc: Double
  /// Impressions.
  package var impressions: Int
  /// Sum of their weights; the impressions where all count alike.
  package var weight: Double
}

/// AUC of each user with both classes, by ascending user number. O(n + largest user number).
/// - Parameter weights: how much each row counts; all alike when `nil`.
/// - Throws: `EvaluationError` for NaN, unequal lengths, bad weights, or labels other than 0 and 1.
package func userAUCs(
  scores: [Float], labels: [Float], groups: [Int32], weights: [Float]? = nil
) throws(EvaluationError) -> [UserAUC] {
  try checkCounts(scores.count, ("labels", labels.count), ("groups", groups.count))
  try check(scores, "Score", in: finite)
  try checkBinary(labels)
  return userAUCs(
    scores, labels, groups, try checkWeights(weights, scores.count), try GroupMembers(groups))
}

private func userAUCs(
  _ scores: [Float], _ labels: [Float], _ groups: [Int32], _ weights: [Float],
  _ members: GroupMembers
) -> [UserAUC] {
  let sorted = members.grouped(ScoreOrder(scores).entries, by: groups)
  var result: [UserAUC] = []
  for group in 0..<members.count {
    let range = members.starts[group]..<members.starts[group + 1]
    let pairs = PairCount(sorted[range], labels, weights)
    guard let area = pairs.area else { continue }
    result.append(
      UserAUC(
        group: Int32(group), auc: area, impressions: range.count,
        weight: pairs.positives + pairs.negatives))
  }
  return result
}

/// Grouped AUC, weighted by impressions. O(n + largest user number).
/// - Parameter weights: how much each impression counts; all alike when `nil`.
/// - Throws: as `userAUCs`, and where no user has both classes.
package func groupedAUC(
  scores: [Float], labels: [Float], groups: [Int32], weights: [Float]? = nil
) throws(EvaluationError) -> GroupedAUC {
  try checkCounts(scores.count, ("labels", labels.count), ("groups", groups.count))
  try check(scores, "Score", in: finite)
  try checkBinary(labels)
  let members = try GroupMembers(groups)
  let users = userAUCs(scores, labels, groups, try checkWeights(weights, scores.count), members)
  guard !users.isEmpty else {
    throw EvaluationError(
      .oneClass, "No user has both a positive and a negative. Grouped AUC needs one that does.")
  }
  let impressions = users.reduce(0) { $0 + $1.impressions }
  return GroupedAUC(
    value: users.reduce(0) { $0 + $1.auc * $1.weight } / users.reduce(0) { $0 + $1.weight },
    users: users.count, allUsers: members.occupied,
    coverage: Double(impressions) / Double(groups.count))
}

/// Where each group's rows start after a counting sort.
struct GroupMembers {
  /// `count + 1` positions.
  let starts: [Int]

  var count: Int { starts.count - 1 }

  /// Groups with at least one row.
  var occupied: Int { (0..<count).count { starts[$0] < starts[$0 + 1] } }

  init(_ groups: [Int32]) throws(EvaluationError) {
    // Group numbers are dense, so a far larger one is a mistake that would only exhaust memory.
    let limit = max(1 << 24, groups.count * 64)
    if let index = groups.firstIndex(where: { $0 < 0 || Int($0) >= limit }) {
      throw EvaluationError(
        .outOfRange, "Group \(index) is \(groups[index]). Number the groups from 0 without gaps.")
    }
    var starts = [Int](repeating: 0, count: Int(groups.max() ?? -1) + 2)
    for group in groups { starts[Int(group) + 1] += 1 }
    for group in 0..<starts.count - 1 { starts[group + 1] += starts[group] }
    self.starts = starts
  }

  /// Entries of a `ScoreOrder`, group after group; within each they keep their order: a stable
  /// counting sort.
  func grouped(_ entries: some Sequence<UInt64>, by groups: [Int32]) -> [UInt64] {
    var next = starts
    var sorted = [UInt64](repeating: 0, count: groups.count)
    for entry in entries {
      let group = Int(groups[Int(truncatingIfNeeded: entry & 0xFFFF_FFFF)])
      sorted[next[group]] = entry
      next[group] += 1
    }
    return sorted
  }
}
