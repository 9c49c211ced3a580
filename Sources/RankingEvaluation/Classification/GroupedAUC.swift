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
}

/// AUC of each user with both classes, by ascending user number. O(n + largest user number).
/// - Throws: `EvaluationError` for NaN, unequal lengths, or labels other than 0 and 1.
package func userAUCs(scores: [Float], labels: [Float], groups: [Int32])
  throws(EvaluationError) -> [UserAUC]
{
  try checkCounts(scores.count, ("labels", labels.count), ("groups", groups.count))
  try check(scores, "Score", in: finite)
  try checkBinary(labels)
  let members = try GroupMembers(groups)
  let order = ScoreOrder(scores)
  // Stable counting sort by group of rows in score order: each group's places end up ascending.
  var next = members.starts
  var sorted = [UInt64](repeating: 0, count: scores.count)
  for entry in order.entries {
    let group = Int(groups[Int(entry & 0xFFFF_FFFF)])
    sorted[next[group]] = entry
    next[group] += 1
  }
  var result: [UserAUC] = []
  for group in 0..<members.count {
    let range = members.starts[group]..<members.starts[group + 1]
    guard let area = pairs(sorted, range, labels).area else { continue }
    result.append(UserAUC(group: Int32(group), auc: area, impressions: range.count))
  }
  return result
}

/// Grouped AUC, weighted by impressions. O(n + largest user number).
/// - Throws: as `userAUCs`, and where no user has both classes.
package func groupedAUC(scores: [Float], labels: [Float], groups: [Int32])
  throws(EvaluationError) -> GroupedAUC
{
  let users = try userAUCs(scores: scores, labels: labels, groups: groups)
  guard !users.isEmpty else {
    throw EvaluationError(
      .oneClass, "No user has both a positive and a negative. Grouped AUC needs one that does.")
  }
  let members = try GroupMembers(groups)
  let impressions = users.reduce(0) { $0 + $1.impressions }
  return GroupedAUC(
    value: users.reduce(0) { $0 + $1.auc * Double($1.impressions) } / Double(impressions),
    users: users.count, allUsers: members.occupied,
    coverage: Double(impressions) / Double(groups.count))
}

private func pairs(_ sorted: [UInt64], _ range: Range<Int>, _ labels: [Float]) -> PairCount {
  var total = PairCount()
  var place = range.lowerBound
  while place < range.upperBound {
    var end = place
    var positives = 0.0
    repeat {
      if labels[Int(sorted[end] & 0xFFFF_FFFF)] == 1 { positives += 1 }
      end += 1
    } while end < range.upperBound && sorted[end] >> 32 == sorted[place] >> 32
    let negatives = Double(end - place) - positives
    total.wins += positives * (total.negatives + negatives / 2)
    total.positives += positives
    total.negatives += negatives
    place = end
  }
  return total
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
}
