/// Brings attributes in any units to zero mean, unit variance and little correlation.
///
/// The correlation matrix is shrunk towards the identity, so that directions in which pictures
/// hardly differ are not blown up: a user can only have a taste for what can be seen.
enum Whitening {
  /// Share of the identity in the shrunk correlation matrix.
  static let shrinkage = 0.2

  /// Whitens the rows of `[items, attributes]`: solves L z = standardized row, where L Lᵀ is the
  /// shrunk correlation matrix. O(items · attributes²).
  static func whiten(_ rows: [[Double]]) -> [[Double]] {
    guard let width = rows.first?.count, width > 0 else { return rows }
    var standardized = rows
    for column in 0..<width {
      let values = standardize(rows.map { $0[column] })
      for row in rows.indices { standardized[row][column] = values[row] }
    }
    let factor = cholesky(shrunkCorrelation(standardized, width: width))
    return standardized.map { solve(factor, $0) }
  }

  /// Zero mean, unit variance; zeros where nothing varies.
  static func standardize(_ values: [Double]) -> [Double] {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    guard variance > 1e-18 * max(1, mean * mean) else {
      return [Double](repeating: 0, count: values.count)
    }
    let deviation = variance.squareRoot()
    return values.map { ($0 - mean) / deviation }
  }

  private static func shrunkCorrelation(_ rows: [[Double]], width: Int) -> [[Double]] {
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: width), count: width)
    for row in rows {
      for i in 0..<width {
        for j in 0...i { matrix[i][j] += row[i] * row[j] }
      }
    }
    for i in 0..<width {
      for j in 0..<i { matrix[i][j] *= (1 - shrinkage) / Double(rows.count) }
      matrix[i][i] = 1
    }
    return matrix
  }

  /// Lower triangle of a positive definite matrix given by its lower triangle.
  private static func cholesky(_ matrix: [[Double]]) -> [[Double]] {
    var factor = matrix
    for i in matrix.indices {
      for j in 0...i {
        var sum = matrix[i][j]
        for k in 0..<j { sum -= factor[i][k] * factor[j][k] }
        // Shrinkage keeps every pivot at or above its own share of the identity.
        factor[i][j] = i == j ? max(sum, shrinkage).squareRoot() : sum / factor[j][j]
      }
    }
    return factor
  }

  private static func solve(_ factor: [[Double]], _ row: [Double]) -> [Double] {
    var solution = row
    for i in row.indices {
      for j in 0..<i { solution[i] -= factor[i][j] * solution[j] }
      solution[i] /= factor[i][i]
    }
    return solution
  }
}
