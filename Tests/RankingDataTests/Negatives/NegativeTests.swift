import RankingData
import Testing

@Suite struct PopularityDistributionTests {
  /// Chi-square with 4 degrees of freedom; its 99.9 % point is 18.5, and the seed is fixed.
  @Test func drawsFollowThePowerOfTheCounts() {
    let distribution = PopularityDistribution(counts: [1, 16, 81, 0, 256, 625])
    let weights = [1.0, 8, 27, 0, 64, 125]
    let total = weights.reduce(0, +)
    for (probability, weight) in zip(distribution.probabilities, weights) {
      #expect(abs(probability - weight / total) < 1e-12)
    }
    var random = SeededRandom(seed: 4)
    var counts = [Double](repeating: 0, count: 6)
    let draws = 200_000.0
    for _ in 0..<Int(draws) { counts[distribution.draw(&random)] += 1 }
    #expect(counts[3] == 0, "what was never seen is never drawn")
    var chiSquare = 0.0
    for (count, weight) in zip(counts, weights) where weight > 0 {
      let expected = draws * weight / total
      chiSquare += (count - expected) * (count - expected) / expected
    }
    #expect(chiSquare < 18.5)
  }

  @Test(arguments: [[0, 0], [5], [1, 1, 1], [1_000_000_000, 1]])
  func degenerateCountsStillDraw(counts: [Int]) {
    let distribution = PopularityDistribution(counts: counts)
    #expect(abs(distribution.probabilities.reduce(0, +) - 1) < 1e-12)
    var random = SeededRandom(seed: 1)
    #expect((0..<100).allSatisfy { _ in counts.indices.contains(distribution.draw(&random)) })
  }
}

@Suite struct StreamingFrequencyTests {
  @Test func theFrequencyIsOneOverTheMeanGap() {
    var frequency = StreamingFrequency(rate: 0.05)
    #expect(frequency.probability(of: 7) == nil)
    for step in 0..<2000 {
      if step.isMultiple(of: 4) { frequency.observe(7, step: step) }
      frequency.observe(8, step: step)
    }
    #expect(abs((frequency.probability(of: 7) ?? 0) - 0.25) < 1e-9)
    #expect(frequency.probability(of: 8) == 1)
    for step in 1000..<3000 where step.isMultiple(of: 10) { frequency.observe(9, step: step) }
    for step in 3000..<3600 { frequency.observe(9, step: step) }
    #expect((frequency.probability(of: 9) ?? 0) > 0.9, "it follows an item that became popular")
  }
}

@Suite struct NegativeSamplerTests {
  /// 30 users with 20 requests of five shown items; the first is clicked in half of them.
  private static func log() throws -> ImpressionLog {
    var random = SeededRandom(seed: 2)
    var lines = ["request,user,item,timestamp,click"]
    for request in 0..<600 {
      // A square makes small numbers popular.
      let items = Set(
        (0..<5).map { _ in
          let place = Double.random(in: 0..<1, using: &random)
          return Int(200 * place * place)
        })
      for (place, item) in items.sorted().enumerated() {
        let click = place == 0 && request.isMultiple(of: 2) ? 1 : 0
        lines.append("r\(request),u\(request % 30),i\(item),\(1000 + request),\(click)")
      }
    }
    return try ImpressionLog(
      Table(csv: lines.joined(separator: "\n")), catalogue: nil,
      schema: RankingSchema(categorical: [.init(name: "item")]))
  }

  private func plan(_ yaml: String) throws -> NegativePlan {
    try NegativePlan(ConfigurationNode(yaml: yaml))
  }

  @Test func noDrawContradictsTheLog() throws {
    let log = try Self.log()
    let rows = Array(0..<Int32(log.count))
    let drawn = log.drawNegatives(try plan("{per_positive: 8}"), for: rows, training: rows)
    #expect(drawn.count > 1500 && drawn.skipped < 500)
    var clicked: Set<String> = []
    var shown: Set<String> = []
    for row in rows.map(Int.init) {
      if log.labels[row] == 1 { clicked.insert("\(log.users[row]) \(log.items[row])") }
      shown.insert("\(log.requests[row]) \(log.items[row])")
    }
    var pairs: Set<String> = []
    for index in 0..<drawn.count {
      let (row, item) = (Int(drawn.positives[index]), log.items.values[Int(drawn.items[index])])
      #expect(log.labels[row] == 1)
      #expect(!clicked.contains("\(log.users[row]) \(item)"))
      #expect(!shown.contains("\(log.requests[row]) \(item)"))
      #expect(pairs.insert("\(row) \(item)").inserted, "once for a positive")
      let donor = Int(drawn.donors[index])
      #expect(log.items[donor] == item && log.timestamps[donor] <= log.timestamps[row])
    }
  }

  /// Chi-square with one degree of freedom; its 99.9 % point is 10.8.
  @Test func sourcesHaveTheirShares() throws {
    let log = try Self.log()
    let rows = Array(0..<Int32(log.count))
    let drawn = log.drawNegatives(
      try plan("{exposed: 7, random: 2, popular: 1}"), for: rows, training: rows)
    let exposed = Double(log.labels.count { $0 == 0 })
    #expect(abs(Double(drawn.count + drawn.skipped) - exposed * 3 / 7) < 1)
    let random = Double(drawn.sources.count { $0 == .random })
    let (expected, total) = (Double(drawn.count) * 2 / 3, Double(drawn.count))
    let distance = random - expected
    // Rejections favour what is rarely shown, here by little.
    #expect(distance * distance / expected + distance * distance / (total - expected) < 10.8)
    #expect(drawn.sources.allSatisfy { $0 != .exposed })
  }

  @Test func probabilitiesAreThoseOfTheMixture() throws {
    let log = try Self.log()
    let rows = Array(0..<Int32(log.count))
    let drawn = log.drawNegatives(
      try plan("{per_positive: 6, random: 1, popular: 3, exponent: 1}"), for: rows, training: rows)
    var counts: [Int32: Double] = [:]
    for code in log.items.codes { counts[code, default: 0] += 1 }
    for index in 0..<drawn.count {
      let expected =
        0.25 / Double(counts.count)
        + 0.75 * (counts[drawn.items[index]] ?? 0) / Double(log.count)
      #expect(abs(drawn.probabilities[index] - expected) < 1e-12)
      #expect(abs(Double(drawn.logExpected[index]) - log2(6 * expected) / log2(exp1)) < 1e-5)
    }
  }

  private let exp1 = 2.718281828459045

  private func log2(_ value: Double) -> Double {
    // Foundation-free, so that the test does not lean on what it tests.
    var (exponent, mantissa) = (Double(value.exponent), value.significand)
    for place in 1...50 {
      mantissa *= mantissa
      if mantissa >= 2 {
        mantissa /= 2
        exponent += 1 / Double(1 << place)
      }
    }
    return exponent
  }

  @Test func equalSeedsDrawAlike() throws {
    let log = try Self.log()
    let rows = Array(0..<Int32(log.count))
    func items(_ seed: Int) throws -> [Int32] {
      log.drawNegatives(
        try plan("{per_positive: 2, seed: \(seed)}"), for: rows, training: rows
      ).items
    }
    #expect(try items(1) == items(1))
    #expect(try items(1) != items(2))
  }

  @Test(arguments: [
    ("{random: 0, popular: 0}", "neither random nor popular"), ("{exposed: 0}", "per_positive"),
    ("{rndom: 2}", "\"random\""), ("{correction: platt}", "calibrate"), ("{keep: 0}", "keep"),
  ])
  func mistakesAreNamed(yaml: String, says: String) {
    let error = failure { _ = try plan(yaml) }
    #expect(error?.description.contains(says) == true, "\(error as Any)")
  }
}
