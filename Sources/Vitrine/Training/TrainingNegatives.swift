import RankingData

/// A log with drawn negatives after its own rows, and the rows that a training sees of it.
struct TrainingNegatives: Sendable {
  let plan: NegativePlan
  let log: ImpressionLog
  /// The shown rows that stay, then the drawn ones.
  let training: [Int32]
  /// Drawn for the validation rows, by source: how a ranker tells positives from each.
  let validation: [NegativeSource: [Int32]]
  private let counts: (exposed: Int, random: Int, popular: Int, skipped: Int)

  /// Draws for training and validation rows; training rows alone say what there is to draw.
  init(_ plan: NegativePlan, _ shown: ImpressionLog, _ rows: SplitRows) {
    self.plan = plan
    let drawn = shown.drawNegatives(plan, for: rows.train, training: rows.train)
    var other = plan
    other.seed &+= 1
    let held = shown.drawNegatives(other, for: rows.validation, training: rows.train)
    log = shown.adding(drawn, plan, training: rows.train).adding(held, other, training: rows.train)
    let first = Int32(shown.count)
    var random = SeededRandom(seed: plan.seed, stream: 1)
    let kept = rows.train.filter { row in
      isPositive(shown.labels[Int(row)]) || plan.keep == 1
        || Double.random(in: 0..<1, using: &random) < plan.keep
    }
    training = kept + (first..<first + Int32(drawn.count))
    var validation: [NegativeSource: [Int32]] = [:]
    for (index, source) in held.sources.enumerated() {
      validation[source, default: []].append(first + Int32(drawn.count + index))
    }
    self.validation = validation
    counts = (
      kept.count { !isPositive(shown.labels[Int($0)]) }, drawn.sources.count { $0 == .random },
      drawn.sources.count { $0 == .popular }, drawn.skipped
    )
  }

  /// What a training is told about them.
  var description: String {
    "negatives: \(counts.exposed) shown, \(counts.random) random, \(counts.popular) popular"
      + (counts.skipped > 0 ? ", none found for \(counts.skipped)" : "")
  }
}

extension FittingData {
  /// The rows that early stopping looks at: those that were shown, and drawn ones only where those
  /// are of one class and no order could be judged by them.
  var judgedRows: [Int32] {
    guard let negatives,
      Set(rows.validation.map { isPositive(log.labels[Int($0)]) }).count < 2
    else { return rows.validation }
    return rows.validation
      + negatives.validation.sorted { $0.key.rawValue < $1.key.rawValue }
      .flatMap(\.value)
  }
}
