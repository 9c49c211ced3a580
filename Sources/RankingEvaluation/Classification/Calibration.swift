/// How far predicted probabilities are from observed rates.
public struct Calibration: Sendable, Hashable, Codable {
  /// A group of rows with similar predictions.
  public struct Bin: Sendable, Hashable, Codable {
    /// Rows.
    public var count: Int
    /// Sum of their weights; the rows where all count alike.
    public var weight: Double
    /// Mean prediction.
    public var predicted: Double
    /// Mean label.
    public var observed: Double
  }

  /// Expected calibration error over bins of equal mass. Equal predictions share a bin, so that a
  /// constant prediction of the base rate has no error.
  public var error: Double
  /// Expected calibration error over bins of equal width.
  public var equalWidthError: Double
  /// Sum of predictions over sum of labels ("predicted click over click"); 1 is unbiased, infinite
  /// without positives.
  public var ratio: Double
  /// The bins of equal mass, by ascending prediction.
  public var bins: [Bin]
}

/// Calibration of probabilities. O(n).
/// - Parameters:
///   - weights: how much each row counts; all alike when `nil`. A bin's mass is its weight.
///   - binCount: bins wanted; ties may leave fewer.
/// - Throws: `EvaluationError` for NaN, unequal lengths, bad weights, or values outside [0, 1].
package func calibration(
  probabilities: [Float], labels: [Float], weights: [Float]? = nil,
  binCount: Int = MetricConventions.calibrationBins
) throws(EvaluationError) -> Calibration {
  precondition(binCount > 0, "Calibration needs at least one bin, not \(binCount).")
  try checkCounts(probabilities.count, ("labels", labels.count))
  try check(probabilities, "Probability", in: 0...1)
  try check(labels, "Label", in: 0...1)
  let weights = try checkWeights(weights, labels.count)
  var widths = [BinSums](repeating: BinSums(), count: binCount)
  var total = BinSums()
  for row in probabilities.indices {
    let p = probabilities[row]
    let weight = weights.isEmpty ? 1 : Double(weights[row])
    widths[min(Int(Double(p) * Double(binCount)), binCount - 1)].add(p, labels[row], weight)
    total.add(p, labels[row], weight)
  }
  var bins: [Calibration.Bin] = []
  var sums = BinSums()
  var mass = 0.0
  var target = 1.0
  let order = ScoreOrder(probabilities)
  var place = 0
  while place < order.count {
    let ties = order.ties(from: place)
    for tie in ties {
      let row = order.row(tie)
      sums.add(probabilities[row], labels[row], weights.isEmpty ? 1 : Double(weights[row]))
    }
    place = ties.upperBound
    let reached = (mass + sums.weight) * Double(binCount)
    guard place == order.count || reached >= target * total.weight else { continue }
    bins.append(sums.bin)
    mass += sums.weight
    sums = BinSums()
    // One large tie may reach over the ends of several bins; they become one.
    while reached >= target * total.weight { target += 1 }
  }
  return Calibration(
    error: expectedError(bins, total.weight),
    equalWidthError: expectedError(widths.map(\.bin), total.weight),
    ratio: total.predicted / total.observed, bins: bins.filter { $0.weight > 0 })
}

private func expectedError(_ bins: [Calibration.Bin], _ weight: Double) -> Double {
  bins.reduce(0) { $0 + $1.weight * ($1.observed - $1.predicted).magnitude } / weight
}

private struct BinSums {
  var count = 0
  var weight = 0.0
  var predicted = 0.0
  var observed = 0.0

  mutating func add(_ p: Float, _ y: Float, _ weight: Double) {
    count += 1
    self.weight += weight
    predicted += weight * Double(p)
    observed += weight * Double(y)
  }

  var bin: Calibration.Bin {
    let total = weight > 0 ? weight : 1
    return .init(
      count: count, weight: weight, predicted: predicted / total, observed: observed / total)
  }
}
