/// `½ ‖w‖² + max_t (slope_t · w + offset_t)`: a lower bound of `½ ‖w‖² + cost(w)` by planes under a
/// convex cost that is not negative, and its minimum.
package struct CuttingPlanes: Sendable {
  private struct Plane: Sendable {
    let slope: [Double]
    let offset: Double
    /// Rounds since it last carried weight.
    var idle = 0
  }

  /// The first says that no cost is negative.
  private var planes: [Plane]
  /// Products of all slopes.
  private var products: [[Double]] = [[0]]
  /// Shares of the planes at the minimum: the dual solution; they sum to 1.
  private var shares = [1.0]
  private let width: Int

  package init(width: Int) {
    self.width = width
    planes = [Plane(slope: [Double](repeating: 0, count: width), offset: 0)]
  }

  /// Adds the plane that touches the cost at a point. O(planes · width).
  package mutating func add(slope: [Double], value: Double, at point: [Double]) {
    let row = planes.map { dot($0.slope, slope) }
    for index in products.indices { products[index].append(row[index]) }
    products.append(row + [dot(slope, slope)])
    planes.append(Plane(slope: slope, offset: value - dot(slope, point)))
    shares.append(0)
  }

  /// The weights that minimise the bound, and a number that is at most its minimum: the value of the
  /// dual `Σ share · offset - ½ ‖Σ share · slope‖²`, moved from plane to plane until no move gains more
  /// than `precision`.
  package mutating func minimize(precision: Double) -> (weights: [Double], bound: Double) {
    // What moving a share to each plane would gain.
    var gains = planes.indices.map { planes[$0].offset - dot(products[$0], shares) }
    for _ in 0..<100_000 {
      guard let up = gains.indices.max(by: { gains[$0] < gains[$1] }),
        let down = gains.indices.filter({ shares[$0] > 0 }).max(by: {
          gain(up, $0, gains) < gain(up, $1, gains)
        }),
        gains[up] - gains[down] > 0
      else { break }
      let worst = gains.indices.filter { shares[$0] > 0 }.map { gains[$0] }.min() ?? 0
      if gains[up] - worst <= precision { break }
      let curvature = self.curvature(up, down)
      let step = min(
        shares[down], curvature > 0 ? (gains[up] - gains[down]) / curvature : .infinity)
      shares[up] += step
      shares[down] = step == shares[down] ? 0 : shares[down] - step
      for index in gains.indices {
        gains[index] -= step * (products[index][up] - products[index][down])
      }
    }
    var weights = [Double](repeating: 0, count: width)
    for (plane, share) in zip(planes, shares) where share > 0 {
      for column in 0..<width { weights[column] -= share * plane.slope[column] }
    }
    let bound =
      zip(planes, shares).reduce(0) { $0 + $1.0.offset * $1.1 } - dot(weights, weights) / 2
    forgetIdle()
    return (weights, bound)
  }

  private func curvature(_ a: Int, _ b: Int) -> Double {
    products[a][a] + products[b][b] - 2 * products[a][b]
  }

  /// What moving the share of one plane to another gains, at the best length.
  private func gain(_ up: Int, _ down: Int, _ gains: [Double]) -> Double {
    let difference = gains[up] - gains[down]
    guard difference > 0 else { return 0 }
    return difference * difference / max(curvature(up, down), 1e-300)
  }

  /// Drops planes that have carried nothing for long: the minimum does not need them.
  private mutating func forgetIdle() {
    for index in planes.indices {
      planes[index].idle = shares[index] > 0 ? 0 : planes[index].idle + 1
    }
    let kept = planes.indices.filter { $0 == 0 || planes[$0].idle < 50 }
    guard kept.count < planes.count else { return }
    planes = kept.map { planes[$0] }
    shares = kept.map { shares[$0] }
    products = kept.map { row in kept.map { products[row][$0] } }
  }
}
