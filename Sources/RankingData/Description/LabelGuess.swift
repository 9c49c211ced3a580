/// Guesses the label: a column that is called so, else the last one with two values.
struct LabelGuess {
  let rule: LabelRule
  /// Whether there are grades beyond 1.
  let isGraded: Bool

  private static let names = [
    "label", "click", "clicked", "isclick", "target", "y", "conversion", "converted", "purchase",
    "purchased", "bought", "liked", "like", "response", "rating", "stars", "overall", "relevance",
    "grade",
  ]

  /// - Parameters:
  ///   - name: the column, where the caller knows it.
  init?(_ profiles: [ColumnProfile], named name: String?, roles: Set<String>) {
    let candidates = profiles.filter { !roles.contains($0.name) && $0.missing == 0 }
    let found: ColumnProfile?
    if let name {
      found = profiles.first { $0.name == name }
    } else {
      found =
        Self.names.lazy.compactMap { name in
          candidates.first { plain($0.name) == name && $0.distinct < 100 }
        }.first ?? candidates.last { $0.distinct == 2 }
    }
    guard let found else { return nil }
    if found.numbers != nil, found.minimum >= 0 {
      // Stars say how much somebody liked a thing: the upper two fifths are a yes.
      let isRating = ["rating", "stars", "overall"].contains(plain(found.name))
      if isRating, found.maximum > 1 {
        rule = LabelRule(name: found.name, threshold: (found.maximum * 0.8).rounded())
        isGraded = false
      } else {
        rule = LabelRule(name: found.name)
        isGraded = found.maximum > 1
      }
      return
    }
    // What is asked for is the rarer answer.
    let rarest = found.column.values.indices.filter { !found.column.values.isEmpty($0) }
      .min { found.counts[$0] < found.counts[$1] }
    guard let rarest else { return nil }
    rule = LabelRule(name: found.name, positive: [found.column.values[rarest]])
    isGraded = false
  }

  /// Whether each row is positive.
  func isPositive(in profile: ColumnProfile) -> [Bool] {
    let byCode = profile.column.values.indices.map { code in
      rule.readsText
        ? rule.label(ofText: profile.column.values[code]) > 0
        : rule.label(ofNumber: profile.numbers?[code] ?? 0) >= 0.5
    }
    return profile.column.codes.map { byCode[Int($0)] }
  }
}

extension ColumnProfile {
  /// The area under the ROC curve that the values alone reach, each scored by its own share of
  /// positives: near 1 where a column says the answer. 0 where values are too rare to tell.
  func leak(_ isPositive: [Bool]) -> Double {
    guard rowsPerValue >= 20 else { return 0 }
    var positive = [Double](repeating: 0, count: counts.count)
    for (row, code) in column.codes.enumerated() where isPositive[row] { positive[Int(code)] += 1 }
    let codes = counts.indices.filter { counts[$0] > 0 }.sorted { a, b in
      positive[a] * Double(counts[b]) < positive[b] * Double(counts[a])
    }
    var (below, pairs, positives) = (0.0, 0.0, 0.0)
    for code in codes {
      let no = Double(counts[code]) - positive[code]
      pairs += positive[code] * (below + no / 2)
      below += no
      positives += positive[code]
    }
    return positives > 0 && below > 0 ? pairs / (positives * below) : 0
  }
}
