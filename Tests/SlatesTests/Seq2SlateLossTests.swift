import Foundation
import NeuralNetworks
import RankingData
import Slates
import Tensors
import TestSupport
import Testing

@Suite struct Seq2SlateLossTests {
  private func hinge(
    _ scores: [Scalar], clicks: [Bool], open: [Bool]? = nil, weights: [Scalar] = [1]
  ) -> (loss: Scalar, gradient: [Scalar]) {
    let n = scores.count / weights.count
    let slot = Parameter(Tensor(scores, shape: [weights.count, n]))
    let pass = Pass.training(seed: 1)
    let loss = pointerHinge(
      scores: pass.read(slot), clicks: clicks,
      open: open ?? [Bool](repeating: true, count: scores.count), weights: weights)
    return (loss.item(), pass.gradients(of: loss).dense(slot).scalars)
  }

  @Test func hingeIsZeroWhenEveryPositiveLeadsByOne() {
    let clicks = [true, false, true, false]
    let kept = hinge([2, 1, 3, -4], clicks: clicks)
    #expect(kept.loss == 0 && kept.gradient == [0, 0, 0, 0])
    let broken = hinge([1.75, 1, 3, -4], clicks: clicks)
    #expect(broken.loss == 0.25 && broken.gradient == [-1, 1, 0, 0])
  }

  @Test func hingeNeedsBothSidesAmongTheOpen() {
    let scores: [Scalar] = [0, 5, 1]
    #expect(hinge(scores, clicks: [true, true, true]).loss == 0)
    #expect(hinge(scores, clicks: [false, false, false]).loss == 0)
    // The only unclicked candidate has been chosen; its score is -infinity.
    let chosen = hinge(
      [0, -.infinity, 1], clicks: [true, false, true], open: [true, false, true])
    #expect(chosen.loss == 0 && chosen.gradient == [0, 0, 0])
    let some = hinge(
      [0, -.infinity, 1], clicks: [true, false, false], open: [true, false, true])
    #expect(some.loss == 2 && some.gradient == [-1, 0, 1])
  }

  /// At a kink the lower base position takes the whole gradient.
  @Test func tiesGoToTheLowerPosition() {
    let tied = hinge([1, 1, 1, 1], clicks: [false, true, true, false])
    #expect(tied.loss == 1 && tied.gradient == [1, -1, 0, 0])
  }

  @Test func listsAreWeighedOneByOne() {
    let two = hinge(
      [0, 1, 0, 2, 0, 7], clicks: [true, false, true, false, true, false], weights: [1, 0.5, 0])
    #expect(two.loss == 3.5)
    #expect(two.gradient == [-1, 1, -0.5, 0.5, 0, 0])
  }

  /// A broken model must stop the training, not teach nothing.
  @Test func notANumberIsNotSkipped() {
    #expect(hinge([.nan, 1], clicks: [true, false]).loss.isNaN)
  }

  @Test(.enabled(if: isDoublePrecision, "needs the double-precision build"))
  func operationGradients() {
    var random = RandomStream(seed: 41)
    let mask = (0..<28).map { $0 % 7 < 5 && $0 != 8 }
    let finite = Tensor(normal: 1, shape: [4, 7], random: &random)
    let entropy = checkGradients(
      of: { softmaxEntropy(logits: $0[0], mask: mask, weights: [1, 0.3, 0, 2]) }, at: [finite])
    #expect(entropy.relativeError < 1e-5, "\(entropy)")
    let clicks = (0..<28).map { $0 % 3 == 0 }
    let hinge = checkGradients(
      of: { pointerHinge(scores: $0[0], clicks: clicks, open: mask, weights: [1, 0.3, 0, 2]) },
      at: [finite])
    #expect(hinge.relativeError < 1e-5, "\(hinge)")
  }

  @Test func entropyOfKnownDistributions() {
    let logits = Tensor([0, 0, 0, 0, 1, 1, -.infinity, 3], shape: [2, 4])
    let mask = [true, true, true, true, true, true, false, false]
    #expect(
      abs(softmaxEntropy(logits: logits, mask: mask, weights: [1, 0]).item() - 1.3862944) < 1e-6)
    #expect(
      abs(softmaxEntropy(logits: logits, mask: mask, weights: [0, 1]).item() - 0.6931472) < 1e-6)
  }

  /// Of two candidates, x apart: dH/dx = -x p (1 - p).
  @Test(arguments: [-2, 0, 0.5, 3] as [Scalar])
  func entropyGradientInClosedForm(_ x: Scalar) {
    let slot = Parameter(Tensor([x, 0, 9], shape: [1, 3]))
    let pass = Pass.training(seed: 1)
    let entropy = softmaxEntropy(
      logits: pass.read(slot), mask: [true, true, false], weights: [0.5])
    let gradient = pass.gradients(of: entropy * 2).dense(slot).scalars
    let p = 1 / (1 + exp(-Double(x)))
    let slope = -Double(x) * p * (1 - p)
    #expect(largestDifference(gradient, [slope, -slope, 0]) < 1e-6)
  }

  /// A click's share of the target grows with its rank, up to the limit, and the others' stays.
  @Test func propensityWeighsClicksByRank() throws {
    var propensity = ClickPropensity()
    #expect((1...12).map { propensity.weight(rank: $0) } == (1...10).map(Double.init) + [10, 10])
    propensity.eta = 0.5
    propensity.clip = 2
    #expect(
      (1...5).map { propensity.weight(rank: $0) }.map { ($0 * 100).rounded() }
        == [100, 141, 173, 200, 200])
    propensity.eta = 0
    #expect(propensity.weight(rank: 50) == 1)

    // The loss of a single click is multiplied by its weight.
    var fixtures = SlateFixtures(seed: 42)
    let model = fixtures.model()
    for kind in Seq2SlateTraining.Loss.allCases {
      for place in 0..<5 {
        let list = try SlateList(
          id: "r", ids: (0..<5).map { "\($0)" }, clicks: (0..<5).map { $0 == place })
        let batch = try SlateBatch([list], model.features)
        func value(_ propensity: ClickPropensity?) -> Scalar {
          Seq2SlateLoss(steps: 3, kind: kind, propensity: propensity)(
            model, batch, .fixed([[(place + 1) % 5, (place + 2) % 5, place]]), .inference()
          ).item()
        }
        let ratio = value(ClickPropensity()) / value(nil)
        #expect(abs(ratio - Scalar(place + 1)) < 1e-4)
      }
    }
  }

  @Test func rewardsOfClicks() throws {
    let list = try SlateList(
      id: "r", ids: ["a", "b", "c", "d"], clicks: [true, false, false, true])
    #expect(clickAveragePrecision(list, order: [0, 3, 1, 2]) == 1)
    #expect(clickAveragePrecision(list, order: [1, 3, 2, 0]) == (0.5 + 0.5) / 2)
    // One place for two clicks: the best that can be.
    #expect(clickAveragePrecision(list, order: [3]) == 1)
    #expect(clickAveragePrecision(list, order: [1, 0]) == 0.25)
    let silent = try SlateList(id: "r", ids: ["a"], clicks: [false])
    #expect(clickAveragePrecision(silent, order: [0]) == 0)
    #expect(clickAveragePrecision(try SlateList(id: "r", ids: ["a"]), order: [0]) == 0)

    let propensity = ClickPropensity()
    #expect(clickAveragePrecision(list, order: [3, 0], propensity: propensity) == 2.5)
    let ndcg = clickNDCG(list, order: [1, 3, 2], at: 10, propensity: propensity)
    let plain = clickNDCG(list, order: [1, 3, 2], at: 10)
    #expect(abs(ndcg - 4 * plain) < 1e-12)
  }
}
