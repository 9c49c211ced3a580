import Foundation
import RankingEvaluation

/// Sums that log loss, normalised entropy and PCOC are functions of.
struct LossSums {
  /// Loss, predictions, labels and weight.
  var parts = SIMD4<Double>()

  /// Mean log loss, in nats.
  var loss: Double { parts[0] / parts[3] }
  /// Predictions over labels.
  var ratio: Double { parts[1] / parts[2] }
  /// Log loss over the entropy of the base rate.
  var normalizedEntropy: Double {
    let rate = parts[2] / parts[3]
    return loss / -(rate * log(rate) + (1 - rate) * log1p(-rate))
  }

  func value(of measure: Measure) -> Double {
    switch measure {
    case .pcoc: ratio
    case .normalizedEntropy: normalizedEntropy
    default: loss
    }
  }
}

/// Each user's sums.
struct UserLosses {
  private(set) var users: [LossSums]

  init(_ log: ScoredLog) {
    users = [LossSums](repeating: LossSums(), count: Int(log.users.max() ?? -1) + 1)
    for (row, user) in log.users.enumerated() {
      let (score, label) = (log.scores[row], log.labels[row])
      let weight = Double(log.weights[row])
      let p = Double(1 / (1 + exp(-score)))
      users[Int(user)].parts +=
        weight * SIMD4(crossEntropy(logit: score, label: label), p, Double(label), 1)
    }
  }

  var total: LossSums {
    LossSums(parts: users.reduce(into: SIMD4<Double>()) { $0 += $1.parts })
  }

  /// Per user with any weight: means over the other model's trainings in the lower half, over this
  /// one's in the upper.
  static func units(
    _ own: [ScoredLog], against others: [ScoredLog]
  ) -> [SIMD8<Double>] {
    var units: [SIMD8<Double>] = []
    for (logs, isOwn) in [(others, false), (own, true)] {
      for log in logs {
        let users = UserLosses(log).users
        if units.isEmpty { units = [SIMD8<Double>](repeating: SIMD8(), count: users.count) }
        for (user, sums) in users.enumerated() {
          let share = sums.parts / Double(logs.count)
          if isOwn { units[user].highHalf += share } else { units[user].lowHalf += share }
        }
      }
    }
    return units.filter { $0[7] > 0 }
  }
}
