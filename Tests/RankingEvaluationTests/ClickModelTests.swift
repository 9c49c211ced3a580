import RankingEvaluation
import Testing

@Suite struct ClickModelTests {
  private static let attractiveness = (0..<20).map { 0.1 + 0.035 * Double($0) }
  private static let satisfaction = (0..<20).map { 0.8 - 0.03 * Double($0) }

  /// Sessions of eight of twenty items in random order.
  private func sessions(
    _ count: Int, seed: UInt64, _ click: (inout Chance, [Int32]) -> [Bool]
  ) -> [ClickSession] {
    var chance = Chance(seed: seed)
    return (0..<count).map { _ in
      let items = Array((0..<Int32(20)).shuffled(using: &chance).prefix(8))
      return ClickSession(items: items, clicks: click(&chance, items))
    }
  }

  @Test func thePositionBasedModelFindsPositionsAndItems() throws {
    let examination = [1, 0.7, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15]
    let log = sessions(20_000, seed: 3) { chance, items in
      items.enumerated().map { position, item in
        chance.happens(examination[position] * Self.attractiveness[Int(item)])
      }
    }
    let model = try PositionBasedModel.fit(log, items: 20)
    for (found, truth) in zip(model.examination, examination) {
      #expect(close(found, truth, 0.04), "\(model.examination)")
    }
    for (found, truth) in zip(model.attractiveness, Self.attractiveness) {
      #expect(close(found, truth, 0.05), "\(model.attractiveness)")
    }
    #expect(close(model.click(item: 19, position: 1), 0.7 * Self.attractiveness[19], 0.05))
  }

  @Test func swapsGiveTheExaminationWithoutAModel() throws {
    var chance = Chance(seed: 5)
    let truth = [1, 0.5, 0.2]
    let swaps = (1..<3).map { position in
      var swap = PositionBasedModel.Swap(
        position: position, impressions: 20_000, clicks: 0, swappedImpressions: 20_000,
        swappedClicks: 0)
      for _ in 0..<20_000 {
        let likes = Self.attractiveness[chance.happens(0.5) ? 10 : 18]
        if chance.happens(truth[position] * likes) { swap.clicks += 1 }
        if chance.happens(likes) { swap.swappedClicks += 1 }
      }
      return swap
    }
    let found = try PositionBasedModel.examination(swaps: swaps, positions: 4)
    #expect(found[0] == 1 && found[3] == nil)
    #expect(close(found[1] ?? .nan, 0.5, 0.03) && close(found[2] ?? .nan, 0.2, 0.03), "\(found)")
    #expect(throws: EvaluationError.self) {
      try PositionBasedModel.examination(
        swaps: [
          .init(position: 0, impressions: 1, clicks: 0, swappedImpressions: 1, swappedClicks: 1)
        ],
        positions: 3)
    }
  }

  @Test func theCascadeStopsAtTheFirstClick() throws {
    let log = sessions(20_000, seed: 7) { chance, items in
      var stopped = false
      return items.map { item in
        guard !stopped, chance.happens(Self.attractiveness[Int(item)]) else { return false }
        stopped = true
        return true
      }
    }
    let model = try CascadeModel.fit(log, items: 20)
    for (found, truth) in zip(model.attractiveness, Self.attractiveness) {
      #expect(close(found, truth, 0.04))
    }
    let clicks = model.clicks([3, 7])
    #expect(
      close(clicks[1], (1 - model.attractiveness[3]) * model.attractiveness[7]))
    #expect(
      close(
        clicks.reduce(0, +),
        try expectedClicks(
          [model.attractiveness[3], model.attractiveness[7]], .cascade(patience: 1)
        ).expected))
  }

  @Test func theBayesianNetworkSeparatesTitleFromContent() throws {
    let log = sessions(30_000, seed: 11) { chance, items in
      var reading = true
      return items.map { item in
        guard reading else { return false }
        let clicks = chance.happens(Self.attractiveness[Int(item)])
        let satisfied = clicks && chance.happens(Self.satisfaction[Int(item)])
        reading = !satisfied && chance.happens(0.9)
        return clicks
      }
    }
    let model = try DynamicBayesianModel.fit(log, items: 20)
    #expect(close(model.perseverance, 0.9, 0.03), "\(model.perseverance)")
    for item in 0..<20 {
      #expect(close(model.attractiveness[item], Self.attractiveness[item], 0.05))
      #expect(
        close(model.satisfaction[item], Self.satisfaction[item], 0.12),
        "\(item): \(model.satisfaction[item])")
    }
    #expect(model.relevance[0] == model.attractiveness[0] * model.satisfaction[0])
    // One that satisfies with every click and never gives up is the cascade.
    let cascade = DynamicBayesianModel(
      attractiveness: [0.3, 0.5], satisfaction: [1, 1], perseverance: 1)
    #expect(cascade.clicks([0, 1]) == CascadeModel(attractiveness: [0.3, 0.5]).clicks([0, 1]))
  }

  /// Each step of expectation maximisation makes the log likelier; the fit beats the truth's own
  /// likelihood on the data it saw.
  @Test func theFitIsLikelierThanTheTruth() throws {
    let log = sessions(2_000, seed: 13) { chance, items in
      items.enumerated().map { place, item in
        chance.happens(Self.attractiveness[Int(item)] / Double(place + 1))
      }
    }
    func likelihood(_ click: (Int32, Int) -> Double) -> Double {
      log.reduce(0) { sum, session in
        sum
          + session.items.indices.reduce(0) { sum, place in
            let p = click(session.items[place], place)
            return sum + crossEntropy(p, session.clicks[place])
          }
      }
    }
    let model = try PositionBasedModel.fit(log, items: 20)
    let truth = likelihood { Self.attractiveness[Int($0)] / Double($1 + 1) }
    #expect(likelihood { model.click(item: $0, position: $1) } < truth)
    #expect(throws: EvaluationError.self) { try PositionBasedModel.fit(log, items: 3) }
    #expect(throws: EvaluationError.self) { try CascadeModel.fit([], items: 3) }
    #expect(throws: EvaluationError.self) {
      try DynamicBayesianModel.fit(log, items: 20, perseverance: 1.5)
    }
  }

  private func crossEntropy(_ p: Double, _ clicked: Bool) -> Double {
    (try? logLoss(probabilities: [Float(p)], labels: [clicked ? 1 : 0])) ?? .nan
  }
}
