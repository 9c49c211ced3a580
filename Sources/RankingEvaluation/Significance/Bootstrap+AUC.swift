extension PairedBootstrap {
  /// Interval of GAUC(b) - GAUC(a), resampling users. O(n + resamples × users).
  /// - Throws: as `groupedAUC`.
  package func groupedAUCDifference(
    _ a: [Float], _ b: [Float], labels: [Float], groups: [Int32]
  ) throws(EvaluationError) -> BootstrapInterval {
    try groupedAUCDifference([a], [b], labels: labels, groups: groups)
  }

  /// The same for the means over several systems on each side, such as trainings with different
  /// seeds: what a seed adds is averaged away before users are drawn.
  package func groupedAUCDifference(
    _ a: [[Float]], _ b: [[Float]], labels: [Float], groups: [Int32]
  ) throws(EvaluationError) -> BootstrapInterval {
    let first = try meanUserAUCs(a, labels, groups)
    let second = try meanUserAUCs(b, labels, groups)
    guard !first.weights.isEmpty else {
      throw EvaluationError(
        .oneClass, "No user has both a positive and a negative. Grouped AUC needs one that does.")
    }
    // Both lists hold the same users in the same order: it depends on the labels alone.
    return try ratioDifference(first.sums, second.sums, weights: first.weights)
  }

  private func meanUserAUCs(
    _ systems: [[Float]], _ labels: [Float], _ groups: [Int32]
  ) throws(EvaluationError) -> (sums: [Double], weights: [Double]) {
    var sums: [Double] = []
    var weights: [Double] = []
    for scores in systems {
      let users = try userAUCs(scores: scores, labels: labels, groups: groups)
      if weights.isEmpty {
        weights = users.map { Double($0.impressions) }
        sums = [Double](repeating: 0, count: users.count)
      }
      for (index, user) in users.enumerated() {
        sums[index] += user.auc * Double(user.impressions) / Double(systems.count)
      }
    }
    return (sums, weights)
  }

  /// Interval of AUC(b) - AUC(a), resampling users.
  ///
  /// AUC compares rows of different users, so no sum over users gives it exactly. Its projection
  /// onto sums over users does to first order: a positive's share of negatives below it, a
  /// negative's share of positives above it (Obuchowski, "Nonparametric analysis of clustered ROC
  /// curve data", Biometrics 1997). What is left out shrinks with the number of users faster than
  /// the interval does. O(n + resamples × users).
  /// - Throws: `EvaluationError` for NaN, unequal lengths, labels other than 0 and 1, or one class.
  package func aucDifference(_ a: [Float], _ b: [Float], labels: [Float], groups: [Int32])
    throws(EvaluationError) -> BootstrapInterval
  {
    try aucDifference([a], [b], labels: labels, groups: groups)
  }

  /// The same for the means over several systems on each side.
  package func aucDifference(_ a: [[Float]], _ b: [[Float]], labels: [Float], groups: [Int32])
    throws(EvaluationError) -> BootstrapInterval
  {
    let members = try GroupMembers(groups)
    var users = [UserPlacements](repeating: UserPlacements(), count: members.count)
    var estimate = 0.0
    for (systems, sign) in [(a, -1.0), (b, 1.0)] {
      for scores in systems {
        try checkCounts(scores.count, ("labels", labels.count), ("groups", groups.count))
        let share = sign / Double(systems.count)
        estimate += share * (try auc(scores: scores, labels: labels))
        addPlacements(scores, labels, groups, sign: share, to: &users)
      }
    }
    for (row, group) in groups.enumerated() {
      if labels[row] == 1 { users[Int(group)].positives += 1 }
    }
    for group in users.indices {
      let rows = Double(members.starts[group + 1] - members.starts[group])
      users[group].negatives = rows - users[group].positives
    }
    users.removeAll { $0.positives + $0.negatives == 0 }
    let value = estimate
    return interval(estimate: value, units: users.count) { draw in
      var sum = UserPlacements()
      for user in draw { sum.add(users[Int(user)]) }
      return sum.above / sum.positives + sum.below / sum.negatives - value
    }
  }
}

/// What a user adds to the projection of an AUC difference.
private struct UserPlacements {
  /// Sum over positives of the share of negatives below them.
  var above = 0.0
  /// Sum over negatives of the share of positives above them.
  var below = 0.0
  var positives = 0.0
  var negatives = 0.0

  mutating func add(_ other: UserPlacements) {
    above += other.above
    below += other.below
    positives += other.positives
    negatives += other.negatives
  }
}

private func addPlacements(
  _ scores: [Float], _ labels: [Float], _ groups: [Int32], sign: Double,
  to users: inout [UserPlacements]
) {
  let order = ScoreOrder(scores)
  var positives = 0.0
  for label in labels where label == 1 { positives += 1 }
  let negatives = Double(labels.count) - positives
  var positivesBefore = 0.0
  var negativesBefore = 0.0
  var place = 0
  while place < order.count {
    let ties = order.ties(from: place)
    var tied = 0.0
    for tie in ties where labels[order.row(tie)] == 1 { tied += 1 }
    let untied = Double(ties.count) - tied
    let below = (negativesBefore + untied / 2) / negatives
    let above = (positives - positivesBefore - tied / 2) / positives
    for tie in ties {
      let row = order.row(tie)
      if labels[row] == 1 {
        users[Int(groups[row])].above += sign * below
      } else {
        users[Int(groups[row])].below += sign * above
      }
    }
    positivesBefore += tied
    negativesBefore += untied
    place = ties.upperBound
  }
}
