import Tensors
import TestSupport
import Testing

/// The gradient checker has to fail where there is something to find.
struct GradientCheckTests {
  @Test func comparingNothingIsNoAgreement() {
    #expect(GradientMismatch().relativeError == .infinity)
    let mismatch = checkGradients(of: { $0[0].sum() }, at: [Tensor(zeros: [0])])
    #expect(mismatch.compared == 0 && mismatch.relativeError == .infinity)
  }

  @Test(arguments: [(Double.nan, 1.0), (1, .nan), (.infinity, 1), (.infinity, .infinity)])
  func nothingReplacesNaN(analytic: Double, numeric: Double) {
    var mismatch = GradientMismatch()
    mismatch.compare(1, 1, at: "before")
    #expect(mismatch.relativeError == 0)
    mismatch.compare(analytic, numeric, at: "here")
    mismatch.compare(1, 3, at: "after")
    #expect(mismatch.relativeError == .infinity && mismatch.place == "here")
    #expect(mismatch.compared == 3)
  }

  @Test func theWorstElementIsKept() {
    var mismatch = GradientMismatch()
    for (number, analytic) in [1.0, 1.5, 1.25].enumerated() {
      mismatch.compare(analytic, 1, at: "\(number)")
    }
    #expect(mismatch.place == "1" && mismatch.analytic == 1.5 && mismatch.numeric == 1)
  }

  /// Twice the input, with a gradient that is a tenth too large.
  @Test func aWrongGradientIsFound() {
    let mismatch = checkGradients(
      of: { inputs in
        let x = inputs[0]
        return traced(x.detached * 2, x) { x.node.accumulate($0 * 2.2) }
      }, at: [Tensor([1, 2])], step: 0x1p-6)
    #expect(abs(mismatch.relativeError - 0.2 / 2.2) < 1e-3)
  }
}
