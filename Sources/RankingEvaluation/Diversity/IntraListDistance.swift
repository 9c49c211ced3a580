/// Intra-list distance: the mean of 1 - cosine over all pairs of a list's vectors; `nil` for fewer
/// than two. A zero vector is at distance 1 from everything.
///
/// With unit vectors u, the sum of all cosines is |sum of u|² less the sum of |u|², so no pair is
/// visited: O(n × width).
/// - Parameters:
///   - vectors: `[count, width]`, row-major.
/// - Throws: `EvaluationError` for values that are not finite or an incomplete row.
package func intraListDistance(vectors: [Float], width: Int) throws(EvaluationError) -> Double? {
  guard width > 0, vectors.count.isMultiple(of: width) else {
    throw EvaluationError(
      .lengthMismatch, "\(vectors.count) numbers are not rows of width \(width).")
  }
  try check(vectors, "Vector element", in: finite)
  let count = vectors.count / width
  guard count > 1 else { return nil }
  var sum = [Double](repeating: 0, count: width)
  var squares = 0.0
  for row in 0..<count {
    let vector = vectors[row * width..<(row + 1) * width]
    var norm = 0.0
    for x in vector { norm += Double(x) * Double(x) }
    guard norm > 0 else { continue }
    norm.formSquareRoot()
    for (column, x) in vector.enumerated() {
      let unit = Double(x) / norm
      sum[column] += unit
      squares += unit * unit
    }
  }
  let pairs = Double(count) * Double(count - 1)
  return 1 - (sum.reduce(0) { $0 + $1 * $1 } - squares) / pairs
}

/// Categorical intra-list distance: the share of pairs of different categories; `nil` for fewer
/// than two items. An unknown category differs from every other. O(n).
package func intraListDistance(categories: [String?]) -> Double? {
  guard categories.count > 1 else { return nil }
  var counts: [String: Int] = [:]
  for case let category? in categories { counts[category, default: 0] += 1 }
  let equal = counts.values.reduce(0) { $0 + $1 * ($1 - 1) }
  return 1 - Double(equal) / Double(categories.count * (categories.count - 1))
}
