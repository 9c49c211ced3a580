import Foundation
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct LambdaMARTTests {
  private func derivatives(
    _ scores: [Float], _ labels: [Float], _ weights: [Float]? = nil, requests: [Int]? = nil,
    truncation: Int = 30, normalize: Bool = false
  ) -> (gradients: [Float], hessians: [Float]) {
    LambdaMART(truncation: truncation, normalize: normalize).derivatives(
      scores: scores, labels: labels,
      weights: weights ?? [Float](repeating: 1, count: scores.count),
      requests: requests ?? [0, scores.count])
  }

  /// The relevant one of two is ranked last: |ΔNDCG| = 1 - 1/log2(3) = 0.369070 and
  /// σ(1) = 0.731059, so its derivative is -0.269812 and the second one 0.369070 · σ(1) · σ(-1).
  @Test func theGoldenPair() {
    let result = derivatives([0, 1], [1, 0])
    #expect(abs(result.gradients[0] + 0.269812) < 1e-6)
    #expect(abs(result.gradients[1] - 0.269812) < 1e-6)
    #expect(abs(result.hessians[0] - 0.369070 * 0.731059 * 0.268941) < 1e-6)
    #expect(result.hessians[0] == result.hessians[1])
  }

  /// Written out pair by pair from the definition.
  @Test(arguments: [1, 3, 30]) func agreesWithTheDefinition(_ truncation: Int) {
    var random = RandomStream(seed: 6)
    let count = 12
    let scores = (0..<count).map { _ in Float(random.nextNormal()) }
    let labels = (0..<count).map { _ in Float(random.next(below: 4)) }
    let order = (0..<count).sorted { scores[$0] > scores[$1] }
    var place = [Int](repeating: 0, count: count)
    for (position, row) in order.enumerated() { place[row] = position }
    let ideal = labels.sorted(by: >).prefix(truncation).enumerated().reduce(0.0) {
      $0 + (exp2(Double($1.element)) - 1) / log2(Double($1.offset + 2))
    }
    var (gradients, hessians) = (
      [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
    )
    for i in 0..<count {
      for j in 0..<count where labels[i] > labels[j] && min(place[i], place[j]) < truncation {
        let gains = exp2(Double(labels[i])) - exp2(Double(labels[j]))
        let discounts = 1 / log2(Double(place[i] + 2)) - 1 / log2(Double(place[j] + 2))
        let weight = abs(gains * discounts) / ideal
        let probability = 1 / (1 + exp(Double(scores[i] - scores[j])))
        gradients[i] -= weight * probability
        gradients[j] += weight * probability
        hessians[i] += weight * probability * (1 - probability)
        hessians[j] += weight * probability * (1 - probability)
      }
    }
    let result = derivatives(scores, labels, truncation: truncation)
    for row in 0..<count {
      #expect(abs(Double(result.gradients[row]) - gradients[row]) < 1e-6)
      #expect(abs(Double(result.hessians[row]) - hessians[row]) < 1e-6)
    }
  }

  @Test(arguments: [false, true]) func properties(_ normalize: Bool) {
    var random = RandomStream(seed: 7)
    let scores = (0..<40).map { _ in Float(random.nextNormal()) }
    let labels = (0..<40).map { _ in Float(random.next(below: 5)) }
    let requests = [0, 15, 16, 40]
    let result = derivatives(scores, labels, requests: requests, normalize: normalize)
    // They sum to nothing in every request, and a request of one row has nothing to learn.
    for (first, next) in zip(requests, requests.dropFirst()) {
      #expect(abs(result.gradients[first..<next].reduce(0, +)) < 1e-5)
    }
    #expect(result.gradients[15] == 0)
    #expect(result.hessians.allSatisfy { $0 > 0 })
    // A constant changes nothing.
    let shifted = derivatives(
      scores.map { $0 + 4 }, labels, requests: requests, normalize: normalize)
    for (a, b) in zip(result.gradients, shifted.gradients) { #expect(abs(a - b) < 1e-5) }
    // Permuted rows have permuted derivatives.
    let order = Array((0..<15).reversed()) + [15] + (16..<40).map { 16 + ($0 - 16 + 7) % 24 }
    let permuted = derivatives(
      order.map { scores[$0] }, order.map { labels[$0] }, requests: requests,
      normalize: normalize)
    for (place, row) in order.enumerated() {
      #expect(abs(permuted.gradients[place] - result.gradients[row]) < 1e-6)
    }
    // Weights scale.
    let heavy = derivatives(
      scores, labels, [Float](repeating: 3, count: 40), requests: requests, normalize: normalize)
    for (a, b) in zip(result.gradients, heavy.gradients) { #expect(abs(3 * a - b) < 1e-5) }
    // Nothing to compare.
    let equal = derivatives(scores, [Float](repeating: 2, count: 40), requests: requests)
    #expect(equal.gradients.allSatisfy { $0 == 0 })
  }

  /// One share of the work or many: the same bits.
  @Test func manyRequests() {
    var random = RandomStream(seed: 9)
    let count = 60_000
    let scores = (0..<count).map { _ in Float(random.nextNormal()) }
    let labels = (0..<count).map { _ in Float(random.next(below: 3)) }
    let requests = Array(stride(from: 0, through: count, by: 20))
    let all = derivatives(scores, labels, requests: requests, normalize: true)
    for first in [0, 29_980, 59_980] {
      let rows = first..<first + 20
      let one = derivatives(Array(scores[rows]), Array(labels[rows]), normalize: true)
      #expect(one.gradients == Array(all.gradients[rows]))
      #expect(one.hessians == Array(all.hessians[rows]))
    }
  }
}
