/// Euclidean distances between the candidates of one list.
///
/// Features are standardised over the list itself, so that one measured in thousands does not decide
/// alone, and a list's distances depend on no other list. Columns that are constant over the list
/// say nothing and are left out; a missing value counts as the mean.
struct FeatureDistances {
  private let count: Int
  private let width: Int
  /// [count, width]
  private let rows: [Double]

  /// O(n · features)
  init(_ list: SlateList) {
    count = list.count
    var columns: [[Double]] = []
    for column in 0..<list.featureWidth {
      let values = (0..<list.count).map {
        Double(list.features[$0 * list.featureWidth + column])
      }
      let known = values.filter { !$0.isNaN }
      let mean = known.reduce(0, +) / Double(known.count)
      let squares = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = (squares / Double(known.count)).squareRoot()
      // Rounding of the mean alone must not make a constant column vary.
      guard deviation > 1e-9 * mean.magnitude, deviation > 0 else { continue }
      columns.append(values.map { $0.isNaN ? 0 : ($0 - mean) / deviation })
    }
    width = columns.count
    rows = (0..<list.count).flatMap { row in columns.map { $0[row] } }
  }

  /// The distance of two candidates; 0 where nothing tells them apart.
  func callAsFunction(_ a: Int, _ b: Int) -> Double {
    var sum = 0.0
    for column in 0..<width {
      let difference = rows[a * width + column] - rows[b * width + column]
      sum += difference * difference
    }
    return sum.squareRoot()
  }

  /// A quantile of the distances of all pairs, linear between order statistics; 0 for fewer than two
  /// candidates. O(n² · features).
  func quantile(_ quantile: Double) -> Double {
    var distances: [Double] = []
    distances.reserveCapacity(count * max(count - 1, 0) / 2)
    for a in 0..<count {
      for b in 0..<a { distances.append(self(a, b)) }
    }
    guard !distances.isEmpty else { return 0 }
    distances.sort()
    let place = quantile * Double(distances.count - 1)
    let index = Int(place)
    guard place > Double(index) else { return distances[index] }
    return distances[index]
      + (place - Double(index)) * (distances[index + 1] - distances[index])
  }
}
