import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

/// Negatives that are drawn by popularity stand for all items once each is corrected by how often it
/// was to be expected (logQ): a toy of 1000 items, where the full softmax is still at hand.
@Suite struct SampledSoftmaxTests {
  private static let count = 1000
  private static let draws = 256

  /// How far the mean gradient of many samples is from the full one, as a share of its length.
  private func distance(corrected: Bool) throws -> Double {
    let count = Self.count
    let ranker = try LogisticRegression(
      configuration: .init(),
      input: RankerInput(
        layout: FeatureLayout(categorical: [.init(name: "item", rows: count + 1)])),
      seed: 1)
    let table = try #require(
      ParameterList(ranker).entries.first { $0.name == "firstOrder.table" }?.parameter)
    // Popular items score higher, as they do in a trained model, so that ignoring Q does harm.
    let scores = (0...count).map { Scalar(2 - 3 * Double($0) / Double(count)) }
    table.value = Tensor(scores, shape: [count + 1, 1])

    func gradient(_ items: [Int32], _ offsets: [Float]) -> [Double] {
      var batch = RankingBatch(
        count: items.count, categorical: [items],
        labels: [1] + [Float](repeating: 0, count: items.count - 1))
      batch.offsets = offsets
      let pass = Pass.training(seed: 1)
      let gradients = pass.gradients(of: ranker.loss(batch, pass, by: SoftmaxLoss()))
      return gradients.dense(table).scalars.map { Double($0) }
    }

    let positive: Int32 = 40
    let others = (1...Int32(count)).filter { $0 != positive }
    let full = gradient([positive] + others, [])

    let popularity = PopularityDistribution(counts: others.map { 4000 / Int($0) + 1 })
    var seeded = SeededRandom(seed: 11)
    var mean = [Double](repeating: 0, count: count + 1)
    let samples = 200
    for _ in 0..<samples {
      let drawn = (0..<Self.draws).map { _ in popularity.draw(&seeded) }
      // The positive is always there, which is what it was to be expected.
      let offsets = drawn.map { Float(log(Double(Self.draws) * popularity.probabilities[$0])) }
      let part = gradient(
        [positive] + drawn.map { others[$0] }, corrected ? [0] + offsets : [])
      for item in part.indices { mean[item] += part[item] / Double(samples) }
    }
    let error = zip(mean, full).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (error / full.reduce(0) { $0 + $1 * $1 }).squareRoot()
  }

  @Test func theCorrectedGradientApproachesTheFullOne() throws {
    let corrected = try distance(corrected: true)
    let plain = try distance(corrected: false)
    #expect(corrected < 0.02)
    #expect(plain > 5 * corrected)
  }
}
