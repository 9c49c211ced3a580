import Foundation
import NeuralNetworks
import Testing

@Suite struct LBFGSTests {
  @Test func aBadlyScaledQuadratic() {
    let curvatures = (0..<20).map { pow(10, Double($0) / 5) }
    let plan = LBFGS(iterations: 1000, memory: 20)
    let minimum = plan.minimize(from: [Double](repeating: 3, count: 20)) { x in
      let gradient = zip(x, curvatures).map { ($0 - 1) * $1 }
      return (zip(x, gradient).map { ($0 - 1) * $1 / 2 }.reduce(0, +), gradient)
    }
    #expect(minimum.isConverged && minimum.iterations < 500, "\(minimum)")
    #expect(minimum.point.allSatisfy { abs($0 - 1) < 1e-6 })
  }

  /// Rosenbrock's valley, which curves.
  @Test func aCurvedValley() {
    let minimum = LBFGS().minimize(from: [-1.2, 1]) { x in
      let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
      return (a * a + 100 * b * b, [-2 * a - 400 * x[0] * b, 200 * b])
    }
    #expect(minimum.isConverged && minimum.value < 1e-12 && minimum.iterations < 60)
  }

  @Test func aFunctionWithAnEdgeIsNotLeft() {
    // log x is no number below 0.
    let minimum = LBFGS().minimize(from: [5]) { x in (x[0] - log(x[0]), [1 - 1 / x[0]]) }
    #expect(minimum.isConverged && abs(minimum.point[0] - 1) < 1e-6)
  }

  @Test func itSaysWhenItGaveUp() {
    let minimum = LBFGS(iterations: 2).minimize(from: [-1.2, 1]) { x in
      let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
      return (a * a + 100 * b * b, [-2 * a - 400 * x[0] * b, 200 * b])
    }
    #expect(!minimum.isConverged && minimum.iterations == 2)
  }
}
