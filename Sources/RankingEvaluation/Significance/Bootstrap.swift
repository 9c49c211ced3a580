/// A difference with its bootstrap interval.
public struct BootstrapInterval: Sendable, Hashable {
  /// The difference on the data itself.
  public var estimate: Double
  /// Lower end of the percentile interval.
  public var lower: Double
  /// Upper end of the percentile interval.
  public var upper: Double
  /// Coverage of the interval.
  public var confidence: Double
  /// Two-sided p of a difference of 0: twice the share of draws on the rarer side of it, of which one
  /// more is counted than was seen, so that no number of draws proves anything for certain (Davison
  /// and Hinkley, 1997).
  public var p: Double

  /// Whether the interval excludes 0.
  public var isSignificant: Bool { lower > 0 || upper < 0 }
}

/// Paired percentile bootstrap (Efron and Tibshirani, 1993): units are drawn with replacement, and
/// both systems are evaluated on the same draw. A unit is a user or a request, never a row, because
/// rows of one user are not independent.
public struct PairedBootstrap: Sendable, Hashable, Codable {
  /// Draws.
  public var resamples: Int
  /// Coverage of the interval.
  public var confidence: Double
  /// Same seed, same interval.
  public var seed: UInt64

  /// Creates the test.
  public init(resamples: Int = 1000, confidence: Double = 0.95, seed: UInt64 = 0) {
    precondition(resamples > 1, "A bootstrap needs at least two resamples, not \(resamples).")
    precondition(
      confidence > 0 && confidence < 1, "A confidence lies between 0 and 1, not \(confidence).")
    self.resamples = resamples
    self.confidence = confidence
    self.seed = seed
  }

  /// Interval of mean(b) - mean(a) over paired units. O(resamples × units).
  /// - Throws: `EvaluationError` for NaN, unequal lengths, or no units.
  package func meanDifference(_ a: [Double], _ b: [Double]) throws(EvaluationError)
    -> BootstrapInterval
  {
    try checkCounts(a.count, ("values of the other system", b.count))
    try checkFinite(a, "Value")
    try checkFinite(b, "Value")
    let differences = zip(a, b).map { $1 - $0 }
    let count = Double(differences.count)
    return interval(estimate: differences.reduce(0, +) / count, units: differences.count) { draw in
      var sum = 0.0
      for unit in draw { sum += differences[Int(unit)] }
      return sum / count
    }
  }

  /// Interval of Σ b / Σ weights - Σ a / Σ weights over paired units: of means over rows or lists
  /// of which a unit, such as a user, brings several. O(resamples × units).
  ///
  /// - Parameters:
  ///   - a: the sum of a unit's values under one system.
  ///   - b: the same under the other.
  ///   - weights: how many values, or which weight, each sum is over.
  /// - Throws: `EvaluationError` for NaN, unequal lengths, negative weights or none above 0.
  package func ratioDifference(_ a: [Double], _ b: [Double], weights: [Double])
    throws(EvaluationError) -> BootstrapInterval
  {
    try checkCounts(a.count, ("sums of the other system", b.count), ("weights", weights.count))
    try checkFinite(a, "Sum")
    try checkFinite(b, "Sum")
    try checkFinite(weights, "Weight")
    guard weights.allSatisfy({ $0 >= 0 }), weights.contains(where: { $0 > 0 }) else {
      throw EvaluationError(.outOfRange, "Weights must be at least 0, and one of them above it.")
    }
    let differences = zip(a, b).map { $1 - $0 }
    func ratio(_ units: some Sequence<Int32>) -> Double {
      var sum = 0.0
      var weight = 0.0
      for unit in units {
        sum += differences[Int(unit)]
        weight += weights[Int(unit)]
      }
      return sum / weight
    }
    return interval(estimate: ratio(0..<Int32(a.count)), units: a.count) { draw in ratio(draw) }
  }

  /// Interval of the difference of two means over lists, over the lists that count in both.
  package func meanDifference(_ a: ListMean, _ b: ListMean) throws(EvaluationError)
    -> BootstrapInterval
  {
    try checkCounts(a.values.count, ("lists of the other system", b.values.count))
    var first: [Double] = []
    var second: [Double] = []
    for case (let x?, let y?) in zip(a.values, b.values) {
      first.append(x)
      second.append(y)
    }
    return try meanDifference(first, second)
  }

  /// Draws units and gathers the statistic of each draw into a percentile interval.
  func interval(estimate: Double, units: Int, _ statistic: ([Int32]) -> Double)
    -> BootstrapInterval
  {
    var random = Xorshift(seed: seed)
    var draw = [Int32](repeating: 0, count: units)
    var values: [Double] = []
    values.reserveCapacity(resamples)
    for _ in 0..<resamples {
      for place in draw.indices { draw[place] = random.next(below: UInt32(units)) }
      // A draw without any positive has no AUC.
      values.append(statistic(draw))
    }
    return percentiles(estimate: estimate, of: values)
  }

  /// The interval of a statistic's values over the draws; a draw that gave none says nothing.
  func percentiles(estimate: Double, of values: [Double]) -> BootstrapInterval {
    let sorted = values.filter(\.isFinite).sorted()
    let tail = (1 - confidence) / 2
    let rarer = min(sorted.count { $0 <= 0 }, sorted.count { $0 >= 0 })
    return BootstrapInterval(
      estimate: estimate, lower: quantile(sorted, tail), upper: quantile(sorted, 1 - tail),
      confidence: confidence, p: min(1, 2 * Double(rarer + 1) / Double(sorted.count + 1)))
  }
}

/// Linear interpolation between order statistics.
private func quantile(_ sorted: [Double], _ probability: Double) -> Double {
  guard let last = sorted.last else { return .nan }
  let position = probability * Double(sorted.count - 1)
  let index = Int(position)
  guard index + 1 < sorted.count else { return last }
  return sorted[index] + (position - Double(index)) * (sorted[index + 1] - sorted[index])
}
