/// How far predicted probabilities are from observed rates.
public struct Calibration: Sendable, Hashable {
  /// A group of rows with similar predictions.
  public struct Bin: Sendable, Hashable {
    /// Rows.
    public var count: Int
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
/// - Parameter binCount: bins wanted; ties may leave fewer.
/// - Throws: `EvaluationError` for NaN, unequal lengths, or values outside [0, 1].
package func calibration(probabilities: [Float], labels: [Float], binCount: Int = 15)
  throws(EvaluationError) -> Calibration
{
  precondition(binCount > 0, "Calibration needs at least one bin, not \(binCount).")
  try checkCounts(probabilities.count, ("labels", labels.count))
  try check(probabilities, "Probability", in: 0...1)
  try check(labels, "Label", in: 0...1)
  let order = ScoreOrder(probabilities)
  var bins: [Calibration.Bin] = []
  var sums = BinSums()
  var place = 0
  while place < order.count {
    let ties = order.ties(from: place)
    for tie in ties {
      sums.add(probabilities[order.row(tie)], labels[order.row(tie)])
    }
    place = ties.upperBound
    if place * binCount >= (bins.count + 1) * order.count {
      bins.append(sums.bin)
      sums = BinSums()
    }
    // One large tie may reach over the ends of several bins; those bins stay empty.
    while place < order.count, place * binCount >= (bins.count + 1) * order.count {
      bins.append(Calibration.Bin(count: 0, predicted: 0, observed: 0))
    }
  }
  bins.removeAll { $0.count == 0 }
  var widths = [BinSums](repeating: BinSums(), count: binCount)
  var total = BinSums()
  for row in probabilities.indices {
    let p = probabilities[row]
    widths[min(Int(Double(p) * Double(binCount)), binCount - 1)].add(p, labels[row])
    total.add(p, labels[row])
  }
  return Calibration(
    error: expectedError(bins, order.count),
    equalWidthError: expectedError(widths.filter { $0.count > 0 }.map(\.bin), order.count),
    ratio: total.predicted / total.observed, bins: bins)
}

private func expectedError(_ bins: [Calibration.Bin], _ count: Int) -> Double {
  bins.reduce(0) { $0 + Double($1.count) * ($1.observed - $1.predicted).magnitude } / Double(count)
}

private struct BinSums {
  var count = 0
  var predicted = 0.0
  var observed = 0.0

  mutating func add(_ p: Float, _ y: Float) {
    count += 1
    predicted += Double(p)
    observed += Double(y)
  }

  var bin: Calibration.Bin {
    let n = Double(max(1, count))
    return .init(count: count, predicted: predicted / n, observed: observed / n)
  }
}
