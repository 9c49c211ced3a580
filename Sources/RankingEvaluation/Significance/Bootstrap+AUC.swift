extension PairedBootstrap {
  /// Interval of GAUC(b) - GAUC(a), resampling users. O(n + resamples × users).
  /// - Throws: as `groupedAUC`.
  package func groupedAUCDifference(
    _ a: [Float], _ b: [Float], labels: [Float], groups: [Int32], weights: [Float]? = nil
  ) throws(EvaluationError) -> BootstrapInterval {
    try groupedAUCDifference([a], [b], labels: labels, groups: groups, weights: weights)
  }

  /// The same for the means over several systems on each side, such as trainings with different
  /// seeds: what a seed adds is averaged away before users are drawn.
  package func groupedAUCDifference(
    _ a: [[Float]], _ b: [[Float]], labels: [Float], groups: [Int32], weights: [Float]? = nil
  ) throws(EvaluationError) -> BootstrapInterval {
    let first = try meanUserAUCs(a, labels, groups, weights)
    let second = try meanUserAUCs(b, labels, groups, weights)
    guard !first.weights.isEmpty else {
      throw EvaluationError(
        .oneClass, "No user has both a positive and a negative. Grouped AUC needs one that does.")
    }
    // Both lists hold the same users in the same order: it depends on the labels alone.
    return try ratioDifference(first.sums, second.sums, weights: first.weights)
  }

  private func meanUserAUCs(
    _ systems: [[Float]], _ labels: [Float], _ groups: [Int32], _ rowWeights: [Float]?
  ) throws(EvaluationError) -> (sums: [Double], weights: [Double]) {
    var sums: [Double] = []
    var weights: [Double] = []
    for scores in systems {
      let users = try userAUCs(
        scores: scores, labels: labels, groups: groups, weights: rowWeights)
      if weights.isEmpty {
        weights = users.map(\.weight)
        sums = [Double](repeating: 0, count: users.count)
      }
      for (index, user) in users.enumerated() {
        sums[index] += user.auc * user.weight / Double(systems.count)
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
  package func aucDifference(
    _ a: [Float], _ b: [Float], labels: [Float], groups: [Int32], weights: [Float]? = nil
  ) throws(EvaluationError) -> BootstrapInterval {
    try aucDifference([a], [b], labels: labels, groups: groups, weights: weights)
  }

  /// The same for the means over several systems on each side.
  package func aucDifference(
    _ a: [[Float]], _ b: [[Float]], labels: [Float], groups: [Int32], weights: [Float]? = nil
  ) throws(EvaluationError) -> BootstrapInterval {
    let members = try GroupMembers(groups)
    var users = [UserPlacements](repeating: UserPlacements(), count: members.count)
    var estimate = 0.0
    for (systems, sign) in [(a, -1.0), (b, 1.0)] {
      for scores in systems {
        try checkCounts(scores.count, ("labels", labels.count), ("groups", groups.count))
        let share = sign / Double(systems.count)
        estimate += share * (try auc(scores: scores, labels: labels, weights: weights))
        addPlacements(scores, labels, groups, weights ?? [], sign: share, to: &users)
      }
    }
    for (row, group) in groups.enumerated() {
      let weight = weights.map { Double($0[row]) } ?? 1
      if labels[row] == 1 {
        users[Int(group)].positives += weight
      } else {
        users[Int(group)].negatives += weight
      }
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
  _ scores: [Float], _ labels: [Float], _ groups: [Int32], _ weights: [Float], sign: Double,
  to users: inout [UserPlacements]
) {
  func weight(_ row: Int) -> Double { weights.isEmpty ? 1 : Double(weights[row]) }
  let order = ScoreOrder(scores)
  let total = PairCount(order.entries[...], labels, weights)
  var positivesBefore = 0.0
  var negativesBefore = 0.0
  var place = 0
  while place < order.count {
    let ties = order.ties(from: place)
    var (tied, untied) = (0.0, 0.0)
    for tie in ties {
      let row = order.row(tie)
      if labels[row] == 1 { tied += weight(row) } else { untied += weight(row) }
    }
    let below = (negativesBefore + untied / 2) / total.negatives
    let above = (total.positives - positivesBefore - tied / 2) / total.positives
    for tie in ties {
      let row = order.row(tie)
      if labels[row] == 1 {
        users[Int(groups[row])].above += sign * weight(row) * below
      } else {
        users[Int(groups[row])].below += sign * weight(row) * above
      }
    }
    positivesBefore += tied
    negativesBefore += untied
    place = ties.upperBound
  }
}
