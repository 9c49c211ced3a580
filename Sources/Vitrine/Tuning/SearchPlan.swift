import RankingData

/// The section `search` of a training's configuration: how its values are looked for.
///
/// ```yaml
/// search:
///   method: halving          # grid, random or halving
///   trials: 27
///   parallel: 2
///   seed: 1
///   factor: 3                # halving: a third goes on, with three times the budget
///   budget: epochs           # or rows: a share of the training requests
///   space: {training.learning_rate: {log: [1e-4, 1e-1]}}
/// ```
struct SearchPlan {
  enum Method: String, CaseIterable {
    /// Every combination once.
    case grid
    /// Independent draws (Bergstra and Bengio, JMLR 2012).
    case random
    /// Many draws with a small budget, of which the best go on with more (Jamieson and Talwalkar,
    /// AISTATS 2016).
    case halving
  }

  /// What a rung of halving is given less of.
  enum Budget: String, CaseIterable {
    /// Trials go on where they stopped. For rankers that are trained in epochs.
    case epochs
    /// A share of the training requests; trials start anew.
    case rows
  }

  var method = Method.random
  /// Configurations to try; of a grid, all.
  var trials: Int
  /// Trainings side by side.
  var parallel = 1
  /// Draws the configurations. The training's own seed is the same in all.
  var seed: UInt64 = 1
  /// Halving keeps one in so many.
  var factor = 3
  /// Nil for epochs where the ranker has them, else rows.
  var budget: Budget?
  var space: SearchSpace

  static let keys = ["method", "trials", "parallel", "seed", "factor", "budget", "space"]

  /// - Throws: `RankingDataError` at the key at fault.
  init(_ node: ConfigurationNode, root: ConfigurationNode) throws {
    let members = try node.members(Self.keys)
    guard let space = members["space"] else {
      throw node.failure(
        .missingKey, "there is no \"space\".", "Say which keys may have which values.")
    }
    self.space = try SearchSpace(space, root: root)
    method = try members["method"]?.choice(Method.self) ?? method
    parallel = try members["parallel"]?.integer(in: 1...256) ?? parallel
    seed = UInt64(try members["seed"]?.integer(in: 0...(.max)) ?? 1)
    factor = try members["factor"]?.integer(in: 2...100) ?? factor
    budget = try members["budget"]?.choice(Budget.self)
    let wanted = try members["trials"]?.integer(in: 1...100_000)
    guard method == .grid else {
      trials = wanted ?? 20
      return
    }
    guard let combinations = self.space.combinations, combinations <= 100_000 else {
      throw space.failure(
        .badValue,
        self.space.firstRange.map { "\($0) is a range, which a grid cannot exhaust." }
          ?? "the grid has more than 100000 combinations.",
        "List values, or choose the method random.")
    }
    if let wanted, wanted < combinations {
      throw node.failure(
        .badValue, "the grid has \(combinations) combinations, not \(wanted).",
        "Remove trials, or choose the method random.")
    }
    trials = combinations
  }

  /// The values of a trial.
  func values(of trial: Int) -> [String: ConfigurationNode] {
    method == .grid ? space.combination(trial) : space.sample(trial: trial, seed: seed)
  }

  /// The rungs of the search: how many trials they take, and which share of the budget each has.
  var rungs: [(trials: Int, share: Double)] {
    guard method == .halving else { return [(trials, 1)] }
    var counts = [trials]
    while let last = counts.last, last >= factor { counts.append(last / factor) }
    var share = 1.0
    var rungs: [(trials: Int, share: Double)] = []
    for count in counts.reversed() {
      rungs.append((count, share))
      share /= Double(factor)
    }
    return rungs.reversed()
  }
}
