import Tensors

/// Solves the linear support vector machine in its dual, one row at a time (Hsieh et al., ICML 2008).
///
/// The gap between primal and dual says how far the solution can still be from the best. Deterministic:
/// rows are visited in an order that seed and pass decide.
package struct DualCoordinateDescent: Sendable {
  package var loss: MarginLoss
  /// Done when the duality gap is at most this share of the primal objective.
  package var tolerance: Double
  /// The most passes over the rows.
  package var passes: Int
  package var seed: UInt64

  package init(loss: MarginLoss, tolerance: Double, passes: Int, seed: UInt64) {
    self.loss = loss
    self.tolerance = tolerance
    self.passes = passes
    self.seed = seed
  }

  /// - Parameters:
  ///   - signs: 1 or -1 for each row.
  ///   - costs: C of each row; a row without one does not count.
  /// - Complexity: O(entries) a pass.
  package func solve(_ rows: LinearRows, signs: [Double], costs: [Double]) -> LinearSolution {
    var weights = [Double](repeating: 0, count: rows.width)
    var duals = [Double](repeating: 0, count: rows.count)
    // Of the dual's diagonal: ‖x‖², and what squared errors add.
    let lengths = (0..<rows.count).map { rows.squaredLength($0) }
    let softness = costs.map { loss == .hinge ? 0 : 1 / (2 * $0) }
    let counted = (0..<Int32(rows.count)).filter {
      costs[Int($0)] > 0 && lengths[Int($0)] + softness[Int($0)] > 0
    }
    for pass in 1...passes {
      var random = RandomStream(seed: seed, stream: UInt64(pass))
      for row in counted.shuffled(using: &random).map(Int.init) {
        let slope = signs[row] * rows.dot(row, weights) - 1 + softness[row] * duals[row]
        let old = duals[row]
        let ceiling = loss == .hinge ? costs[row] : .infinity
        let new = min(max(old - slope / (lengths[row] + softness[row]), 0), ceiling)
        guard new != old else { continue }
        duals[row] = new
        rows.add((new - old) * signs[row], row, to: &weights)
      }
      // The gap costs a pass of its own.
      guard pass % 10 == 0 || pass == passes || pass < 3 else { continue }
      let (objective, bound) = bounds(rows, signs, costs, softness, weights, duals)
      let solution = LinearSolution(
        weights: weights, objective: objective, gap: max(0, objective - bound), passes: pass)
      if solution.relativeGap <= tolerance || pass == passes { return solution }
    }
    preconditionFailure("a solver without passes")
  }

  /// The primal and the dual objective.
  private func bounds(
    _ rows: LinearRows, _ signs: [Double], _ costs: [Double], _ softness: [Double],
    _ weights: [Double], _ duals: [Double]
  ) -> (primal: Double, dual: Double) {
    let length = weights.reduce(0) { $0 + $1 * $1 } / 2
    var (primal, dual) = (length, -length)
    for row in 0..<rows.count where costs[row] > 0 {
      let error = max(0, 1 - signs[row] * rows.dot(row, weights))
      primal += costs[row] * (loss == .hinge ? error : error * error)
      dual += duals[row] - softness[row] * duals[row] * duals[row] / 2
    }
    return (primal, dual)
  }
}
