import NeuralNetworks
import Rankers
import Tensors
import Testing

@Suite struct SVMSolverTests {
  /// Noisy rows with a constant column at the end.
  private func rows(_ count: Int, width: Int = 5) -> (rows: LinearRows, signs: [Double]) {
    var random = RandomStream(seed: 11)
    var rows = LinearRows(denseWidth: width, sparseWidth: 1)
    var signs: [Double] = []
    for _ in 0..<count {
      let x = (0..<width).map { _ in Float(random.nextNormal()) }
      rows.append(dense: x, sparse: [(0, 1)])
      signs.append(Double(x[0] - x[1]) + 0.7 * Double(random.nextNormal()) > 0.3 ? 1 : -1)
    }
    return (rows, signs)
  }

  @Test(arguments: MarginLoss.allCases, [0.01, 1, 30])
  func theGapIsKept(loss: MarginLoss, c: Double) {
    let (rows, signs) = rows(200)
    let costs = (0..<200).map { c * (1 + Double($0 % 3)) }
    let solver = DualCoordinateDescent(loss: loss, tolerance: 1e-6, passes: 20_000, seed: 1)
    let solution = solver.solve(rows, signs: signs, costs: costs)
    #expect(solution.relativeGap <= 1e-6 && solution.gap >= 0)
    // No weights near the solution are better than the gap allows.
    var random = RandomStream(seed: 2)
    for _ in 0..<50 {
      let other = solution.weights.map { $0 + 0.1 * Double(random.nextNormal()) }
      var value = other.reduce(0) { $0 + $1 * $1 } / 2
      for row in 0..<200 {
        let error = max(0, 1 - signs[row] * rows.dot(row, other))
        value += costs[row] * (loss == .hinge ? error : error * error)
      }
      #expect(value >= solution.objective - solution.gap)
    }
  }

  /// The squared hinge is smooth, so a descent in the weights must end where the dual's does.
  @Test func primalAndDualMeet() {
    let (rows, signs) = rows(200)
    let dual = DualCoordinateDescent(
      loss: .squaredHinge, tolerance: 1e-9, passes: 20_000, seed: 1
    ).solve(rows, signs: signs, costs: [Double](repeating: 0.5, count: 200))
    let primal = LBFGS(tolerance: 1e-9).minimize(
      from: [Double](repeating: 0, count: rows.width)
    ) { w in
      var (value, gradient) = (w.reduce(0) { $0 + $1 * $1 } / 2, w)
      for row in 0..<200 {
        let error = max(0, 1 - signs[row] * rows.dot(row, w))
        value += 0.5 * error * error
        rows.add(-error * signs[row], row, to: &gradient)
      }
      return (value, gradient)
    }
    #expect(abs(primal.value / dual.objective - 1) < 1e-7)
    #expect(maximumDifference(primal.point, dual.weights) < 1e-4)
  }

  /// The nearest rows of both classes are (1, 1) and (-1, -1), so w is (1/2, 1/2).
  @Test func theWidestMarginIsFound() {
    var rows = LinearRows(denseWidth: 2, sparseWidth: 0)
    let points: [[Float]] = [[1, 1], [3, 1], [2, 4], [-1, -1], [-4, -1], [-1, -5]]
    for point in points { rows.append(dense: point, sparse: []) }
    let solution = DualCoordinateDescent(
      loss: .hinge, tolerance: 1e-8, passes: 10_000, seed: 1
    ).solve(rows, signs: [1, 1, 1, -1, -1, -1], costs: [Double](repeating: 1e4, count: 6))
    #expect(maximumDifference(solution.weights, [0.5, 0.5]) < 1e-3)
    #expect(abs(solution.objective - 0.25) < 1e-4, "no row violates its margin")
  }

  /// Rankings are classifications of differences, without a bias.
  @Test(arguments: MarginLoss.allCases, [0.1, 10, 1000])
  func rankingIsClassifyingDifferences(loss: MarginLoss, c: Double) {
    let world = RequestPairsTests.World(seed: 5, count: 60)
    var random = RandomStream(seed: 7)
    var rows = LinearRows(denseWidth: 4, sparseWidth: 3)
    var points: [[Float]] = []
    for label in world.labels {
      var x = (0..<4).map { _ in Float(random.nextNormal()) }
      x[0] += label / 2
      points.append(x)
      rows.append(dense: x, sparse: [(Int32(random.next(below: 2)), 1)])
    }
    let pairs = world.pairs(c: c)
    var differences = LinearRows(denseWidth: 7, sparseWidth: 0)
    let unit = (0..<7).map { column in (0..<7).map { $0 == column ? 1.0 : 0 } }
    for (above, below, _) in pairs {
      differences.append(
        dense: unit.map { Float(rows.dot(above, $0) - rows.dot(below, $0)) }, sparse: [])
    }
    let expected = DualCoordinateDescent(
      loss: loss, tolerance: 1e-4, passes: 50_000, seed: 1
    ).solve(
      differences, signs: [Double](repeating: 1, count: pairs.count), costs: pairs.map(\.factor))
    let solver = RankSVMSolver(tolerance: 1e-4, passes: 3000)
    let cost = RequestPairs(
      requests: world.requests, labels: world.labels, weights: world.weights, loss: loss, c: c)
    let found =
      loss == .hinge ? solver.solveHinge(rows, cost) : solver.solveSquaredHinge(rows, cost)
    #expect(found.relativeGap <= 1e-4 && expected.relativeGap <= 1e-4)
    #expect(abs(found.objective / expected.objective - 1) < 2e-4, "\(found.passes) passes")
  }
}
