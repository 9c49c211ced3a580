/// Two models by several trainings each: a difference smaller than what the choice of a seed makes
/// is a tie, however many users there are to show it on.
public struct SeedComparison: Sendable, Hashable, Codable {
  /// What the trainings allow to be said.
  public enum Verdict: String, Sendable, Hashable, Codable {
    /// The second is better by more than the spread.
    case better
    /// The second is worse by more than the spread.
    case worse
    /// The difference is within the spread.
    case tie
  }

  /// Mean of the first model's trainings.
  public var first: Double
  /// Mean of the second model's.
  public var second: Double
  /// The larger of the two standard deviations over trainings.
  public var spread: Double
  /// The fewer of the two models' trainings.
  public var trainings: Int
  /// What may be said.
  public var verdict: Verdict

  /// Compares the values of one metric.
  /// - Parameter higherIsBetter: false for losses.
  /// - Throws: `EvaluationError` for NaN, or where a model was trained only once.
  package init(_ first: [Double], _ second: [Double], higherIsBetter: Bool = true)
    throws(EvaluationError)
  {
    try checkFinite(first + second, "Value")
    guard first.count > 1, second.count > 1 else {
      throw EvaluationError(
        .empty,
        "\(first.count) and \(second.count) trainings have no spread. Train each model with at"
          + " least two seeds, better five.")
    }
    self.first = first.reduce(0, +) / Double(first.count)
    self.second = second.reduce(0, +) / Double(second.count)
    spread = max(standardDeviation(first), standardDeviation(second))
    trainings = min(first.count, second.count)
    let gain = higherIsBetter ? self.second - self.first : self.first - self.second
    verdict = gain.magnitude <= spread ? .tie : gain > 0 ? .better : .worse
  }

  /// The second less the first.
  public var difference: Double { second - first }
}

extension SeedComparison: CustomStringConvertible {
  /// A sentence.
  public var description: String {
    func digits(_ value: Double) -> String { "\((value * 100_000).rounded() / 100_000)" }
    let numbers =
      "the difference of \(digits(difference)) against a spread of \(digits(spread)) over"
      + " \(trainings) seeds"
    return switch verdict {
    case .tie: "A tie: \(numbers)."
    case .better: "Better than the spread of seeds: \(numbers)."
    case .worse: "Worse than the spread of seeds: \(numbers)."
    }
  }
}

/// The sample standard deviation; 0 for fewer than two values.
package func standardDeviation(_ values: [Double]) -> Double {
  guard values.count > 1 else { return 0 }
  let mean = values.reduce(0, +) / Double(values.count)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (squares / Double(values.count - 1)).squareRoot()
}
