import NeuralNetworks

/// Solves the ranking support vector machine in its weights: cutting planes for the hinge, L-BFGS for
/// the squared hinge. Both say how far from the best their solution can be, and both are deterministic.
package struct RankSVMSolver: Sendable {
  /// Done when no weights could be better by more than this share of the objective.
  package var tolerance: Double
  /// The most passes over the rows.
  package var passes: Int

  package init(tolerance: Double, passes: Int) {
    self.tolerance = tolerance
    self.passes = passes
  }

  /// The objective is curved by 1 at least in every direction, so half the squared length of its
  /// gradient bounds what is left to gain.
  package func solveSquaredHinge(_ rows: LinearRows, _ pairs: RequestPairs) -> LinearSolution {
    var evaluations = 0
    let minimum = LBFGS(iterations: passes, tolerance: 0, memory: 20).minimize(
      from: [Double](repeating: 0, count: rows.width),
      until: { value, gradient in dot(gradient, gradient) / 2 <= tolerance * value }
    ) { weights in
      evaluations += 1
      let (cost, slopes) = pairs(rows.scores(weights))
      var gradient = rows.combination(slopes)
      for column in gradient.indices { gradient[column] += weights[column] }
      return (dot(weights, weights) / 2 + cost, gradient)
    }
    let (_, slopes) = pairs(rows.scores(minimum.point))
    var gradient = rows.combination(slopes)
    for column in gradient.indices { gradient[column] += minimum.point[column] }
    return LinearSolution(
      weights: minimum.point, objective: minimum.value, gap: dot(gradient, gradient) / 2,
      passes: evaluations + 1)
  }

  /// Cutting planes (Joachims, KDD 2006; Teo et al., JMLR 2010) with the line search of Franc and
  /// Sonnenburg (ICML 2008), which makes the best weights better in every round.
  package func solveHinge(_ rows: LinearRows, _ pairs: RequestPairs) -> LinearSolution {
    var planes = CuttingPlanes(width: rows.width)
    var best = HingePoint(
      weights: [Double](repeating: 0, count: rows.width),
      scores: [Double](repeating: 0, count: rows.count))
    var (cost, slopes) = pairs(best.scores)
    var objective = cost
    planes.add(slope: rows.combination(slopes), value: cost, at: best.weights)
    for pass in 1...passes {
      let (weights, bound) = planes.minimize(precision: tolerance * objective / 10)
      let gap = max(0, objective - bound)
      if gap <= tolerance * objective || pass == passes {
        return LinearSolution(
          weights: best.weights, objective: objective, gap: gap, passes: pass)
      }
      let target = HingePoint(weights: weights, scores: rows.scores(weights))
      let length = best.bestStep(towards: target) { pairs($0).gradient }
      best = best.moved(length, towards: target)
      (cost, slopes) = pairs(best.scores)
      objective = dot(best.weights, best.weights) / 2 + cost
      // Between the best point and the planes' own minimum a cut tells the most.
      let cut = best.moved(0.1, towards: target)
      (cost, slopes) = pairs(cut.scores)
      planes.add(slope: rows.combination(slopes), value: cost, at: cut.weights)
    }
    preconditionFailure("a solver without passes")
  }
}

/// Weights and the scores they give, moved together along lines.
private struct HingePoint {
  var weights: [Double]
  var scores: [Double]

  func moved(_ length: Double, towards target: HingePoint) -> HingePoint {
    var moved = self
    for index in weights.indices {
      moved.weights[index] += length * (target.weights[index] - weights[index])
    }
    for index in scores.indices {
      moved.scores[index] += length * (target.scores[index] - scores[index])
    }
    return moved
  }

  /// Where the objective is least on the way to a point and a little beyond: its slope changes sign
  /// once, so the place is found by bisection.
  func bestStep(
    towards target: HingePoint, _ gradient: ([Double]) -> [Double]
  ) -> Double {
    let direction = zip(target.weights, weights).map { $0 - $1 }
    let change = zip(target.scores, scores).map { $0 - $1 }
    let (start, curvature) = (dot(weights, direction), dot(direction, direction))
    func slope(_ length: Double) -> Double {
      start + length * curvature + dot(gradient(moved(length, towards: target).scores), change)
    }
    var (low, high) = (0.0, 2.0)
    for _ in 0..<24 {
      let middle = (low + high) / 2
      if slope(middle) > 0 { high = middle } else { low = middle }
    }
    return low
  }
}

func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for index in a.indices { sum += a[index] * b[index] }
  return sum
}
