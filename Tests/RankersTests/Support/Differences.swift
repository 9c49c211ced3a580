/// The largest distance of two lists of equal length; infinite if they are not, or for NaN.
func maximumDifference(
  _ a: some Collection<some BinaryFloatingPoint>, _ b: some Collection<some BinaryFloatingPoint>
) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { worst, pair in
    let distance = abs(Double(pair.0) - Double(pair.1))
    return distance.isNaN ? .infinity : max(worst, distance)
  }
}

func allFinite(_ values: [Float]) -> Bool { values.allSatisfy { $0.isFinite } }
