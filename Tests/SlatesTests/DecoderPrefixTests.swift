import RankingData
import Slates
import Tensors
import Testing

@Suite struct DecoderPrefixTests {
  /// Drawn orders follow the product of the step distributions: Pearson's statistic over all 24
  /// orders of four candidates stays below its 99.9 % quantile.
  @Test func sampledOrdersFollowTheModel() throws {
    var fixtures = SlateFixtures(seed: 51)
    let model = fixtures.model(spread: 0.4)
    let list = fixtures.list(count: 4)
    let copies = 500
    let batch = try SlateBatch([SlateList](repeating: list, count: copies), model.features)
    let pass = Pass.inference()
    let encoded = model.encode(batch, pass)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<40 {
      let rollout = Rollout(model, encoded, batch, steps: 4, by: .samples, pass)
      for order in rollout.orders { counts[order, default: 0] += 1 }
    }
    let draws = 40.0 * Double(copies)
    var statistic = 0.0
    for order in permutations(4) {
      let rows = model.probabilities(list, order: order)
      let expected = draws * zip(rows, order).reduce(1.0) { $0 * Double($1.0[$1.1]) }
      let found = Double(counts.removeValue(forKey: order) ?? 0)
      statistic += (found - expected) * (found - expected) / expected
    }
    #expect(counts.isEmpty, "what was drawn besides is no order: \(counts.keys)")
    #expect(statistic < 49.7, "23 degrees of freedom: \(statistic)")
    #expect(statistic > 5, "draws that follow the expectation too well are no draws")
  }

  @Test(arguments: [DecoderPrefix.teacher, .greedy, .samples, .mixed(share: 0.5, by: .sampled)])
  func everyPrefixIsAnOrder(_ prefix: DecoderPrefix) throws {
    var fixtures = SlateFixtures(seed: 52)
    let model = fixtures.model()
    let lists = [5, 1, 9, 0, 4].map { fixtures.list(count: $0, clicked: 0.4) }
    // Padding is never chosen.
    let batch = try SlateBatch(lists, model.features, steps: 14)
    let pass = Pass.training(seed: 3)
    let rollout = Rollout(model, model.encode(batch, pass), batch, steps: 14, by: prefix, pass)
    for (list, order) in zip(lists, rollout.orders) {
      #expect(order.sorted() == Array(0..<list.count))
    }
    let short = Rollout(model, model.encode(batch, pass), batch, steps: 3, by: prefix, pass)
    #expect(short.orders.map(\.count) == [3, 1, 3, 0, 3])
  }

  @Test func aShareOfZeroIsTheTeacherAndOfOneTheModel() throws {
    var fixtures = SlateFixtures(seed: 53)
    let model = fixtures.model()
    let lists = (0..<6).map { _ in fixtures.list(count: 7, clicked: 0.3) }
    let batch = try SlateBatch(lists, model.features)
    let pass = Pass.inference()
    let encoded = model.encode(batch, pass)
    func orders(_ prefix: DecoderPrefix) -> [[Int]] {
      Rollout(model, encoded, batch, steps: 7, by: prefix, pass).orders
    }
    #expect(orders(.mixed(share: 0, by: .sampled)) == orders(.teacher))
    #expect(orders(.mixed(share: 0)) == orders(.teacher))
    #expect(orders(.greedy) == lists.map { model.greedyOrder($0) })
    #expect(orders(.samples) != orders(.samples), "two draws of 6 orders of 7")
  }

  @Test func policiesOfTheTraining() throws {
    var training = Seq2SlateTraining()
    training.epochs = 4
    func share(_ epoch: Int) -> (Double, Bool)? {
      guard case .mixed(let share, let choice) = training.prefix(epoch: epoch) else { return nil }
      return (share, choice == .sampled)
    }
    #expect(try #require(share(2)) == (0.5, false))
    training.prefix = .samples
    #expect(try #require(share(2)) == (0.5, true))
    #expect(try #require(share(3)) == (1, true))
    training.prefix = .teacher
    #expect(share(4) == nil)
  }
}
