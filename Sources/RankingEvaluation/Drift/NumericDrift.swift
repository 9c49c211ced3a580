/// How far a number's distribution has moved from the training rows.
public struct NumericDrift: Sendable, Hashable, Codable {
  /// One bin between quantiles of the training values.
  public struct Bin: Sendable, Hashable, Codable {
    /// Values from here on; `nil` for missing ones and below the first edge.
    public var from: Double?
    /// Share of the training rows.
    public var expected: Double
    /// Share of the rows compared.
    public var actual: Double
  }

  /// Population stability index over ten quantile bins of the training values, and one of missing
  /// ones.
  public var psi: Double
  /// Kolmogorov-Smirnov distance sup |F - G| of the values present; 0 where a side has none. With
  /// millions of rows every p-value is tiny, so the distance itself is judged: alarm above 0.05.
  public var ks: Double
  /// Share of missing values among the training rows.
  public var missingExpected: Double
  /// Share of missing values among the rows compared.
  public var missingActual: Double
  /// The bins, ascending; the missing ones last.
  public var bins: [Bin]

  /// The reading of the index.
  public var band: DriftBand { DriftBand(psi: psi) }

  /// Compares two samples; NaN is a missing value. O(n log n).
  /// - Throws: `EvaluationError` where a side has no rows, or a value is infinite.
  package init(expected: [Double], actual: [Double], binCount: Int = 10) throws(EvaluationError) {
    precondition(binCount > 1, "Drift needs at least two bins, not \(binCount).")
    try checkCounts(expected.count)
    try checkCounts(actual.count)
    if let value = (expected + actual).first(where: \.isInfinite) {
      throw EvaluationError(.notFinite, "A value is \(value). Leave out what is not known.")
    }
    let first = expected.filter { !$0.isNaN }.sorted()
    let second = actual.filter { !$0.isNaN }.sorted()
    var edges: [Double] = []
    for bin in 1..<binCount where !first.isEmpty {
      let edge = first[min(first.count * bin / binCount, first.count - 1)]
      // Ties make quantiles coincide; the bins between them would be empty.
      if edge > edges.last ?? first[0] { edges.append(edge) }
    }
    let counts = (Self.counts(first, edges), Self.counts(second, edges))
    let missing = (expected.count - first.count, actual.count - second.count)
    psi = try populationStability(
      expected: counts.0 + [Double(missing.0)], actual: counts.1 + [Double(missing.1)])
    ks = kolmogorovSmirnov(first, second)
    let (m, n) = (Double(expected.count), Double(actual.count))
    missingExpected = Double(missing.0) / m
    missingActual = Double(missing.1) / n
    bins = counts.0.indices.map {
      Bin(
        from: $0 == 0 ? nil : edges[$0 - 1], expected: counts.0[$0] / m,
        actual: counts.1[$0] / n)
    }
    if missing.0 + missing.1 > 0 {
      bins.append(Bin(from: nil, expected: missingExpected, actual: missingActual))
    }
  }

  private static func counts(_ sorted: [Double], _ edges: [Double]) -> [Double] {
    var counts = [Double](repeating: 0, count: edges.count + 1)
    var bin = 0
    for value in sorted {
      while bin < edges.count, value >= edges[bin] { bin += 1 }
      counts[bin] += 1
    }
    return counts
  }
}

/// sup |F - G| of two ascending samples; 0 where one is empty. O(n).
package func kolmogorovSmirnov(_ first: [Double], _ second: [Double]) -> Double {
  guard !first.isEmpty, !second.isEmpty else { return 0 }
  var (i, j) = (0, 0)
  var distance = 0.0
  while i < first.count, j < second.count {
    let value = min(first[i], second[j])
    while i < first.count, first[i] == value { i += 1 }
    while j < second.count, second[j] == value { j += 1 }
    let gap = Double(i) / Double(first.count) - Double(j) / Double(second.count)
    distance = max(distance, gap.magnitude)
  }
  return distance
}
