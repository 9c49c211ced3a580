import Foundation
import NeuralNetworks
import RankingData
import Slates
import Tensors
import TestSupport
import Testing

/// Against exact expectations over all orders, of this package and of `tools/reference/slates.py`.
@Suite struct PolicyGradientTests {
  /// All ways to fill `steps` places from `count` candidates.
  private func arrangements(_ count: Int, _ steps: Int) -> [[Int]] {
    Array(Set(permutations(count).map { Array($0.prefix(steps)) })).sorted {
      $0.lexicographicallyPrecedes($1)
    }
  }

  /// Σ_π p(π) (R(π) - b) ∇ log p(π) of one list, in the order of the parameters.
  private func exactGradient(
    _ model: Seq2Slate, _ list: SlateList, steps: Int, baseline: Double = 0,
    reward: ([Int]) -> Double
  ) throws -> [[Scalar]] {
    let orders = arrangements(list.count, min(steps, list.count))
    let batch = try SlateBatch([SlateList](repeating: list, count: orders.count), model.features)
    let pass = Pass.training(seed: 1)
    let rollout = Rollout(
      model, model.encode(batch, pass), batch, steps: steps, by: .fixed(orders), pass)
    #expect(rollout.orders == orders)
    let weights = orders.map { order in
      let rows = model.probabilities(list, order: order)
      let p = zip(rows, order).reduce(1.0) { $0 * Double($1.0[$1.1]) }
      return -p * (reward(order) - baseline)
    }
    let gradients = pass.gradients(of: rollout.negativeLogLikelihood(weights))
    return ParameterList(model).entries.map { gradients.dense($0.parameter).scalars }
  }

  @Test(arguments: ["ndcg", "map"])
  func theExactMeanIsTheGradientOfTheExpectedReward(_ name: String) throws {
    let golden = try Seq2SlateGolden.load()
    let expected = name == "ndcg" ? golden.expectedNdcg : golden.expectedMap
    let model = try golden.model()
    let clicked = try golden.slateLists().filter { $0.clicks?.contains(true) ?? false }
    var sums: [[Double]] = []
    for list in clicked {
      let gradient = try exactGradient(model, list, steps: expected.steps) {
        name == "ndcg"
          ? clickNDCG(list, order: $0, at: 10) : clickAveragePrecision(list, order: $0)
      }
      let shares = gradient.map { $0.map { Double($0) / Double(clicked.count) } }
      sums = sums.isEmpty ? shares : zip(sums, shares).map { zip($0, $1).map { $0 + $1 } }
    }
    for (entry, sum) in zip(ParameterList(model).entries, sums) {
      let values = try #require(expected.gradients[entry.name]).values
      let scale = try #require(values.map(abs).max())
      let difference = largestDifference(sum.map { Scalar($0) }, values)
      #expect(scale > 0 && difference < 1e-4 * scale, "\(entry.name): \(difference / scale)")
    }
  }

  @Test func aConstantBaselineLeavesTheMean() throws {
    var fixtures = SlateFixtures(seed: 61)
    let model = fixtures.model(spread: 0.4)
    let list = try SlateList(
      id: "r", ids: ["a", "b", "c", "d"], clicks: [false, true, false, true])
    func gradient(_ baseline: Double) throws -> [[Scalar]] {
      try exactGradient(model, list, steps: 4, baseline: baseline) {
        clickNDCG(list, order: $0, at: 10)
      }
    }
    let scale = try gradient(0).joined().map(abs).max() ?? 0
    #expect(scale > 1e-3)
    for (plain, shifted) in zip(try gradient(0), try gradient(0.7)) {
      #expect(largestDifference(shifted, plain.map { Double($0) }) < 1e-4 * Double(scale))
    }
  }

  /// The mean of many drawn gradients is the exact one within four standard errors, along its own
  /// direction and along random ones, whatever the baseline; and every baseline takes variance out.
  @Test func drawnGradientsHaveTheExactMeanAndLessVariance() throws {
    var fixtures = SlateFixtures(seed: 62)
    let model = fixtures.model(width: 4, cells: 5, spread: 0.4)
    let list = try SlateList(
      id: "r", ids: ["a", "b", "c", "d"], scores: [4, 3, 2, 1],
      categories: ["Action", "Drama", nil, "Comedy"], clicks: [false, true, true, false])
    let exact = try exactGradient(model, list, steps: 4) { clickNDCG(list, order: $0, at: 10) }
      .joined().map { -Double($0) }
    let directions =
      [exact]
      + (0..<5).map { _ in
        exact.map { _ in Double(fixtures.random.nextNormal()) }
      }
    let critic = try fitted(model, list)
    let batch = try SlateBatch([list], model.features)

    var variances: [String: Double] = [:]
    let baselines: [(String, PolicyGradient.Baseline)] = [
      ("none", .constant(0)), ("average", .constant(0.75)), ("critic", .critic),
      ("greedy", .greedy),
    ]
    for (name, baseline) in baselines {
      let networks = PolicyNetworks(model: model, critic: name == "critic" ? critic : nil)
      let gradient = PolicyGradient(steps: 4, baseline: baseline)
      let draws = 3000
      var sums = [Double](repeating: 0, count: directions.count)
      var squares = sums
      var variance = 0.0
      for draw in 0..<draws {
        let pass = Pass.training(seed: UInt64(draw))
        let gradients = pass.gradients(of: gradient(networks, batch, pass))
        let flat = ParameterList(model).entries
          .flatMap { gradients.dense($0.parameter).scalars }.map { Double($0) }
        for (index, direction) in directions.enumerated() {
          let value = zip(flat, direction).reduce(0) { $0 + $1.0 * $1.1 }
          sums[index] += value
          squares[index] += value * value
        }
        variance += zip(flat, exact).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      variances[name] = variance / Double(draws)
      for (index, direction) in directions.enumerated() {
        let mean = sums[index] / Double(draws)
        let error = ((squares[index] / Double(draws) - mean * mean) / Double(draws)).squareRoot()
        let truth = zip(exact, direction).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(mean - truth) < 4 * error, "\(name), direction \(index): \(mean), \(truth)")
      }
    }
    let plain = try #require(variances["none"])
    for name in ["average", "critic", "greedy"] {
      #expect(try #require(variances[name]) < 0.7 * plain, "\(variances)")
    }
  }

  /// A critic that has seen the list's drawn rewards for a while.
  private func fitted(_ model: Seq2Slate, _ list: SlateList) throws -> RewardCritic {
    var random = RandomStream(seed: 63)
    let critic = RewardCritic(cells: model.configuration.cells, random: &random)
    let batch = try SlateBatch([SlateList](repeating: list, count: 64), model.features)
    let optimizer = Adam(ParameterList(critic).trainable, learningRate: 0.01)
    let networks = PolicyNetworks(model: model, critic: critic)
    let gradient = PolicyGradient(steps: 4, baseline: .critic)
    for step in 0..<150 {
      let pass = Pass.training(seed: UInt64(step))
      optimizer.step(pass.gradients(of: gradient(networks, batch, pass)))
    }
    // The squared error drove it to the expected reward.
    let orders = permutations(4)
    let truth = orders.reduce(0.0) { sum, order in
      let rows = model.probabilities(list, order: order)
      return sum + clickNDCG(list, order: order, at: 10)
        * zip(rows, order).reduce(1.0) { $0 * Double($1.0[$1.1]) }
    }
    let one = try SlateBatch([list], model.features)
    let predicted = critic(model.encode(one, .inference()), .inference()).item()
    #expect(abs(Double(predicted) - truth) < 0.05, "\(predicted) for \(truth)")
    return critic
  }

  /// The critic's error moves the critic alone.
  @Test func theCriticDoesNotMoveTheModel() throws {
    var fixtures = SlateFixtures(seed: 64)
    let model = fixtures.model()
    let list = fixtures.list(count: 1, clicked: 1)
    let critic = RewardCritic(cells: model.configuration.cells, random: &fixtures.random)
    let pass = Pass.training(seed: 1)
    // One candidate: every order has probability 1, so only the critic has anything to learn.
    let loss = PolicyGradient(steps: 3, baseline: .critic)(
      PolicyNetworks(model: model, critic: critic), try SlateBatch([list], model.features), pass)
    #expect(loss.item() == -1)
    let gradients = pass.gradients(of: loss)
    func largest(_ module: some Module) -> Scalar {
      ParameterList(module).entries
        .flatMap { gradients.dense($0.parameter).scalars.map(abs) }.max() ?? 0
    }
    #expect(largest(model) == 0)
    #expect(largest(critic) > 0)
  }

  @Test func silentListsAndPaddingChangeNothing() throws {
    var fixtures = SlateFixtures(seed: 65)
    let model = fixtures.model()
    let networks = PolicyNetworks(
      model: model, critic: RewardCritic(cells: 10, random: &fixtures.random))
    let clicked = [5, 3].map { fixtures.list(count: $0, clicked: 1) }
    let silent = [fixtures.list(count: 7, clicked: 0), fixtures.list(count: 0)]
    let orders = [[4, 0, 2, 1], [1, 0, 2], [6, 5, 4, 3], []]
    func result(_ lists: [SlateList], steps: Int?) throws -> (Scalar, [[Scalar]]) {
      let pass = Pass.training(seed: 1)
      let loss = PolicyGradient(steps: 4, baseline: .critic, entropy: 0.5)(
        networks, try SlateBatch(lists, model.features, steps: steps), pass,
        orders: .fixed(orders))
      let gradients = pass.gradients(of: loss)
      return (
        loss.item(),
        ParameterList(networks).entries.map { gradients.dense($0.parameter).scalars }
      )
    }
    let plain = try result(clicked, steps: nil)
    let padded = try result(clicked + silent, steps: 12)
    #expect(abs(plain.0 - padded.0) < 1e-6)
    for (a, b) in zip(plain.1, padded.1) {
      #expect(largestDifference(a, b.map { Double($0) }) < 1e-5)
    }
    let nothing = try result(silent, steps: nil)
    #expect(nothing.0 == 0 && nothing.1.allSatisfy { $0.allSatisfy { $0 == 0 } })
  }

  /// Every drawn order counts: two samples are the mean of both.
  @Test func samplesAreAveraged() throws {
    var fixtures = SlateFixtures(seed: 66)
    let model = fixtures.model()
    let list = fixtures.list(count: 4, clicked: 1)
    let batch = try SlateBatch([list], model.features)
    let networks = PolicyNetworks(model: model, critic: nil)
    func gradients(_ samples: Int) -> [[Scalar]] {
      let pass = Pass.training(seed: 1)
      let loss = PolicyGradient(
        steps: 2, baseline: .constant(0.1), entropy: 0.3, samples: samples)(
          networks, batch, pass, orders: .fixed([[2, 1]]))
      let gradients = pass.gradients(of: loss)
      return ParameterList(model).entries.map { gradients.dense($0.parameter).scalars }
    }
    for (one, three) in zip(gradients(1), gradients(3)) {
      #expect(largestDifference(three, one.map { Double($0) }) < 1e-6)
    }
  }

  @Test(.enabled(if: isDoublePrecision, "needs the double-precision build"))
  func gradientsAgreeWithCentralDifferences() throws {
    var fixtures = SlateFixtures(seed: 67)
    let model = fixtures.model()
    let lists = [5, 2, 6].map { fixtures.list(count: $0, clicked: 0.6) }
    let batch = try SlateBatch(lists, model.features)
    let orders = lists.map { Array((0..<$0.count).reversed()) }
    let mismatch = checkGradients(of: model, samples: 200) { pass in
      let rollout = Rollout(
        model, model.encode(batch, pass), batch, steps: 4, by: .fixed(orders), pass)
      return rollout.negativeLogLikelihood([1, -0.5, 0.25]) + rollout.entropy([0.7, 1, 0])
    }
    #expect(mismatch.relativeError < 1e-5, "\(mismatch)")
  }
}
