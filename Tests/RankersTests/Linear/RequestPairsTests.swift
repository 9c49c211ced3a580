import Rankers
import Tensors
import Testing

@Suite struct RequestPairsTests {
  struct World {
    var requests: [Int32] = []
    var labels: [Float] = []
    var weights: [Float] = []
    var scores: [Double] = []

    /// Many equal scores and scores exactly one apart, up to four grades.
    init(seed: UInt64, count: Int = 80) {
      var random = RandomStream(seed: seed)
      for _ in 0..<count {
        requests.append(Int32(random.next(below: 6)))
        labels.append(Float(random.next(below: 4)))
        weights.append(Float(1 + random.next(below: 3)))
        scores.append(Double(random.next(below: 13)) / 4)
      }
    }

    /// By the definition: `(i, j, C / pairs · weight)`.
    func pairs(c: Double) -> [(above: Int, below: Int, factor: Double)] {
      (0..<6).flatMap { request in
        let rows = requests.indices.filter { requests[$0] == request }
        let pairs = rows.flatMap { i in
          rows.filter { labels[i] > labels[$0] }.map { (i, $0) }
        }
        return pairs.map { ($0, $1, c / Double(pairs.count) * Double(weights[$0])) }
      }
    }
  }

  @Test(arguments: MarginLoss.allCases, 1...20)
  func sweepingEqualsEnumerating(loss: MarginLoss, seed: Int) {
    let world = World(seed: UInt64(seed))
    let cost = RequestPairs(
      requests: world.requests, labels: world.labels, weights: world.weights, loss: loss, c: 3)
    var value = 0.0
    var gradient = [Double](repeating: 0, count: world.scores.count)
    let pairs = world.pairs(c: 3)
    for (above, below, factor) in pairs {
      let error = max(0, 1 - world.scores[above] + world.scores[below])
      value += factor * (loss == .hinge ? error : error * error)
      let slope = error == 0 ? 0 : factor * (loss == .hinge ? 1 : 2 * error)
      gradient[above] -= slope
      gradient[below] += slope
    }
    let found = cost(world.scores)
    #expect(cost.count == pairs.count && pairs.count > 100)
    #expect(abs(found.value - value) < 1e-9)
    #expect(maximumDifference(found.gradient, gradient) < 1e-9)
  }

  @Test(arguments: MarginLoss.allCases)
  func nothingIsLostIffEveryMarginIsKept(loss: MarginLoss) {
    let cost = RequestPairs(
      requests: [1, 1, 1, 2, 2], labels: [2, 1, 0, 0, 1], weights: [1, 1, 1, 1, 1], loss: loss, c: 1
    )
    let kept = cost([2, 1, 0, -7, -6])
    #expect(kept.value == 0 && kept.gradient.allSatisfy { $0 == 0 })
    for row in 0..<5 {
      var scores: [Double] = [2, 1, 0, -7, -6]
      // Each row stands above or below some other by exactly the margin.
      scores[row] += [0, 4].contains(row) ? -1e-6 : 1e-6
      #expect(cost(scores).value > 0, "row \(row)")
    }
  }
}
