extension PairedBootstrap {
  /// Interval of PR-AUC(b) - PR-AUC(a), resampling users: each draw weights the rows by how often
  /// their user was drawn, in an order that is sorted once. O(n log n + resamples × n), with fewer
  /// resamples for many rows, but never below 100.
  /// - Parameters:
  ///   - a: the scores of some systems, whose mean is compared; none for the interval of `b` itself.
  ///   - b: those of the others.
  /// - Throws: as `precisionRecallAUC`.
  package func precisionRecallDifference(
    _ a: [[Float]], _ b: [[Float]], labels: [Float], groups: [Int32], weights: [Float]? = nil
  ) throws(EvaluationError) -> BootstrapInterval {
    let members = try GroupMembers(groups)
    var estimate = 0.0
    var sides: [(order: DescendingRows, share: Double)] = []
    for (systems, sign) in [(a, -1.0), (b, 1.0)] {
      for scores in systems {
        let share = sign / Double(systems.count)
        estimate +=
          share * (try precisionRecallAUC(scores: scores, labels: labels, weights: weights))
        sides.append((DescendingRows(scores, labels, groups, weights ?? []), share))
      }
    }
    var test = self
    let affordable = 1_500_000_000 / max(1, labels.count * sides.count)
    test.resamples = min(resamples, max(100, affordable))
    // Only users with rows are units.
    let units = (0..<members.count).filter { members.starts[$0] < members.starts[$0 + 1] }
    var times = [Float](repeating: 0, count: members.count)
    return test.interval(estimate: estimate, units: units.count) { draw in
      for unit in units { times[unit] = 0 }
      for unit in draw { times[units[Int(unit)]] += 1 }
      return sides.reduce(0) { $0 + $1.share * $1.order.area(times) }
    }
  }
}

/// Rows by descending score, with all that a resample of users reads.
private struct DescendingRows {
  private var groups: [Int32] = []
  /// The weight of a positive row, minus that of a negative one.
  private var signed: [Float] = []
  private var endsTie: [Bool] = []

  init(_ scores: [Float], _ labels: [Float], _ rowGroups: [Int32], _ weights: [Float]) {
    let order = ScoreOrder(scores)
    for place in order.entries.indices.reversed() {
      let row = order.row(place)
      let weight = weights.isEmpty ? 1 : weights[row]
      groups.append(rowGroups[row])
      signed.append(labels[row] == 1 ? weight : -weight)
      endsTie.append(place == 0 || !order.isTie(place, place - 1))
    }
  }

  /// PR-AUC with each group counted so many times; NaN without positives.
  func area(_ times: [Float]) -> Double {
    var (rows, positives, tied, sum) = (0.0, 0.0, 0.0, 0.0)
    for place in groups.indices {
      let weight = Double(signed[place] * times[Int(groups[place])])
      rows += weight.magnitude
      tied += max(weight, 0)
      guard endsTie[place], tied > 0 else { continue }
      positives += tied
      sum += tied * positives / rows
      tied = 0
    }
    return sum / positives
  }
}
