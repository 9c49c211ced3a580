extension PairedBootstrap {
  /// Intervals of several statistics of sums over units, by the same draws: ratios, or functions of
  /// ratios, of which a unit brings up to eight parts. O(resamples × units).
  ///
  /// - Parameter units: one vector a unit; what is paired stands in the same vector.
  /// - Throws: `EvaluationError` for no units, or parts that are not finite.
  package func intervals(
    of units: [SIMD8<Double>], _ statistics: [(SIMD8<Double>) -> Double]
  ) throws(EvaluationError) -> [BootstrapInterval] {
    try checkCounts(units.count)
    let total = units.reduce(into: SIMD8<Double>()) { $0 += $1 }
    try checkFinite((0..<8).map { total[$0] }, "Sum")
    var random = Xorshift(seed: seed)
    var values = [[Double]](repeating: [], count: statistics.count)
    for _ in 0..<resamples {
      var sum = SIMD8<Double>()
      for _ in units.indices { sum += units[Int(random.next(below: UInt32(units.count)))] }
      for (index, statistic) in statistics.enumerated() { values[index].append(statistic(sum)) }
    }
    return zip(statistics, values).map { statistic, values in
      percentiles(estimate: statistic(total), of: values)
    }
  }
}
