/// Input that no metric is defined on.
public struct EvaluationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure, for programs.
  public enum Code: String, Sendable, Hashable {
    /// Nothing to evaluate.
    case empty
    /// Two arrays that must be equally long are not.
    case lengthMismatch
    /// NaN or infinity.
    case notFinite
    /// A value outside its legal range.
    case outOfRange
    /// Only positives or only negatives.
    case oneClass
  }

  /// The kind of failure.
  public var code: Code
  /// What is wrong, and where.
  public var description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}

/// Checks that arrays have one length and at least one element.
func checkCounts(_ count: Int, _ others: (name: String, count: Int)...) throws(EvaluationError) {
  guard count > 0 else {
    throw EvaluationError(.empty, "There is nothing to evaluate. Give at least one row.")
  }
  for other in others where other.count != count {
    throw EvaluationError(
      .lengthMismatch,
      "\(count) rows have \(other.count) \(other.name). Give one for each row.")
  }
}

/// Checks every value against a range; NaN lies in none.
func check(_ values: [Float], _ name: String, in range: ClosedRange<Float>)
  throws(EvaluationError)
{
  guard let index = values.firstIndex(where: { !range.contains($0) }) else { return }
  let value = values[index]
  guard value.isFinite else {
    throw EvaluationError(
      .notFinite, "\(name) \(index) is \(value). Check the model or the data that gave it.")
  }
  throw EvaluationError(
    .outOfRange,
    "\(name) \(index) is \(value), outside \(range.lowerBound) to \(range.upperBound).")
}

/// Checks that every value is finite.
func checkFinite(_ values: [Double], _ name: String) throws(EvaluationError) {
  guard let index = values.firstIndex(where: { !$0.isFinite }) else { return }
  throw EvaluationError(
    .notFinite, "\(name) \(index) is \(values[index]). Check the model or the data that gave it.")
}

/// All finite floats.
let finite = -Float.greatestFiniteMagnitude...Float.greatestFiniteMagnitude

/// Checks that every label is exactly 0 or 1.
func checkBinary(_ labels: [Float]) throws(EvaluationError) {
  guard let index = labels.firstIndex(where: { $0 != 0 && $0 != 1 }) else { return }
  throw EvaluationError(
    labels[index].isFinite ? .outOfRange : .notFinite,
    "Label \(index) is \(labels[index]). This metric needs labels that are 0 or 1.")
}

/// Checks that every value is a probability.
func checkProbabilities(_ values: [Double], _ name: String) throws(EvaluationError) {
  try checkFinite(values, name)
  guard let index = values.firstIndex(where: { !(0...1).contains($0) }) else { return }
  throw EvaluationError(
    .outOfRange, "\(name) \(index) is \(values[index]). A probability lies from 0 to 1.")
}

/// Checks row weights and returns them; none where all rows count alike.
func checkWeights(_ weights: [Float]?, _ count: Int) throws(EvaluationError) -> [Float] {
  guard let weights else { return [] }
  try checkCounts(count, ("weights", weights.count))
  try check(weights, "Weight", in: 0...Float.greatestFiniteMagnitude)
  guard weights.contains(where: { $0 > 0 }) else {
    throw EvaluationError(.outOfRange, "All weights are 0. Give a positive one.")
  }
  return weights
}
