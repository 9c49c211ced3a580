import RankingData

/// What a log is like, as far as it decides which metrics mean something on it.
struct LogFacts {
  private let hasPositives: Bool
  private let hasNegatives: Bool
  private let users: Int
  private let hasPairedUser: Bool
  private let hasLists: Bool
  private let scoresAreLogits: Bool
  /// The highest label.
  let highestGrade: Float

  init(_ log: ScoredLog, scoresAreLogits: Bool) {
    self.scoresAreLogits = scoresAreLogits
    highestGrade = log.labels.max() ?? 0
    hasPositives = log.labels.contains(where: isPositive)
    hasNegatives = !log.labels.allSatisfy(isPositive)
    var counted = [UInt8](repeating: 0, count: Int(log.users.max() ?? -1) + 1)
    for (row, user) in log.users.enumerated() {
      counted[Int(user)] |= isPositive(log.labels[row]) ? 1 : 2
    }
    users = counted.count { $0 > 0 }
    hasPairedUser = counted.contains(3)
    var seen = [Bool](repeating: false, count: Int(log.requests.max() ?? -1) + 1)
    var several = false
    for request in log.requests {
      several = several || seen[Int(request)]
      seen[Int(request)] = true
    }
    hasLists = several
  }

  /// Why a metric says nothing here; nil where it does.
  func reason(against metric: RankerMetric) -> String? {
    if metric.needsProbabilities {
      guard scoresAreLogits else { return "the scores order items and are no probabilities" }
      guard highestGrade <= 1 else { return "labels are grades, not probabilities" }
    }
    if metric.needsRequests {
      guard hasLists else { return "every request has a single row" }
      guard highestGrade <= 64 else {
        return "the highest label is \(highestGrade); grades end at 64"
      }
    }
    switch metric {
    case .auc, .prAUC, .normalizedEntropy, .pcoc:
      if !hasPositives { return "no label is positive" }
      return hasNegatives || metric == .pcoc ? nil : "all labels are positive"
    case .gauc:
      if users == 1 { return "all rows are one user's, whose AUC it would be" }
      return hasPairedUser ? nil : "no user has labels of both kinds"
    case .ndcg, .map, .mrr, .err, .precision, .recall, .hitRate:
      return hasPositives ? nil : "no label is positive"
    case .logLoss, .ece: return nil
    }
  }
}
