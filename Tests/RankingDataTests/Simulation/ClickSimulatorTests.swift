import Foundation
import RankingData
import Testing

struct ClickSimulatorTests {
  let log: SimulatedSessions
  let simulator: ClickSimulator

  init() throws {
    log = try Simulation(
      configuration: smallConfiguration(), items: simulatedCatalogue(), seed: 3
    ).run()
    simulator = try log.clickSimulator()
  }

  @Test func expectedClicksAreTheMeanOfSampledOnes() throws {
    // Twins, neighbours and strangers: every kind of pair occurs.
    let slate = ["i118", "i119", "i0", "i1", "i8", "i110", "i111", "i16", "i2"]
    var random = SeededRandom(seed: 9)
    let draws = 200_000
    var sums = [Double](repeating: 0, count: slate.count)
    for _ in 0..<draws {
      let clicks = try simulator.sampleClicks(
        user: "u07", device: "mobile", slate: slate, using: &random)
      for (position, click) in clicks.enumerated() where click { sums[position] += 1 }
    }
    let expected = try simulator.clickProbabilities(user: "u07", device: "mobile", slate: slate)
    for (sum, chance) in zip(sums, expected) {
      let error = (chance * (1 - chance) / Double(draws)).squareRoot()
      #expect(abs(sum / Double(draws) - chance) < 4.5 * error)
    }
    #expect(
      try simulator.expectedClicks(user: "u07", device: "mobile", slate: slate)
        == expected.reduce(0, +))
  }

  @Test func probabilitiesFollowTheFormula() throws {
    let user = "u11"
    let device = try #require(log.world.configuration.devices.first { $0.name == "desktop" })
    let penalty = log.world.configuration.duplicatePenalty
    let slate = ["i118", "i3", "i119"]
    let chances = try simulator.clickProbabilities(user: user, device: "desktop", slate: slate)
    let examined = [1, 2, 3].map { pow(Double($0), -device.positionExponent) }
    let click = try slate.map {
      1 / (1 + exp(-(try simulator.relevance(user: user, device: "desktop", item: $0))))
    }
    #expect(chances[0] == click[0])
    let passed = try simulator.similarity("i118", "i3")
    #expect(abs(chances[1] - examined[1] * click[1] * (1 - penalty * passed)) < 1e-15)
    let last = try simulator.similarity("i3", "i119")
    #expect(
      abs(
        chances[2]
          - examined[2] * click[2] * (1 - penalty) * (1 - penalty * last * examined[1])) < 1e-15)
  }

  @Test func similarityIsOneForTwinsAndZeroAcrossCategories() throws {
    #expect(try simulator.similarity("i118", "i119") == 1)
    #expect(try simulator.similarity("i0", "i2") == 0)
    let floor = log.world.configuration.categorySimilarity
    let neighbours = try simulator.similarity("i0", "i1")
    #expect(neighbours > floor && neighbours < 1)
    #expect(try simulator.similarity("i1", "i0") == neighbours)
  }

  @Test func aTwinBelowItsTwinLosesClicks() throws {
    let penalty = log.world.configuration.duplicatePenalty
    for user in ["u01", "u25", "u50"] {
      // i2 is of another category: it changes nothing for the twin below.
      let alone = try simulator.clickProbabilities(
        user: user, device: "tablet", slate: ["i2", "i119"])
      let below = try simulator.clickProbabilities(
        user: user, device: "tablet", slate: ["i118", "i119"])
      #expect(abs(below[1] - (1 - penalty) * alone[1]) < 1e-15)
    }
  }

  @Test func withoutADeviceProbabilitiesAreTheAverageOverDevices() throws {
    let slate = ["i4", "i5", "i6"]
    var mean = 0.0
    for device in log.world.configuration.devices {
      mean +=
        try device.share
        * simulator.expectedClicks(user: "u02", device: device.name, slate: slate)
    }
    #expect(abs(try simulator.expectedClicks(user: "u02", slate: slate) - mean) < 1e-12)
  }

  @Test func avoidingNearDuplicatesEarnsMoreThanRelevanceAlone() throws {
    var plain = 0.0
    var diverse = 0.0
    for session in log.sessions.suffix(300) {
      let scored = try session.items.map {
        (
          id: $0,
          score: try simulator.relevance(
            user: session.user, device: session.device, item: $0)
        )
      }
      plain += try simulator.expectedClicks(
        user: session.user, device: session.device,
        slate: scored.sorted { $0.score > $1.score }.prefix(10).map(\.id))
      var slate: [String] = []
      while slate.count < 10 {
        var best = (id: "", value: -Double.infinity)
        for item in scored where !slate.contains(item.id) {
          let repeated = try slate.reduce(0) { $0 + (try simulator.similarity($1, item.id)) }
          if item.score - repeated > best.value { best = (item.id, item.score - repeated) }
        }
        slate.append(best.id)
      }
      diverse += try simulator.expectedClicks(
        user: session.user, device: session.device, slate: slate)
    }
    #expect(diverse > 1.03 * plain)
  }

  @Test func strangersAreRefusedByName() {
    #expect(throws: SimulationError.unknownUser("nobody")) {
      try simulator.expectedClicks(user: "nobody", slate: [])
    }
    #expect(throws: SimulationError.unknownItem("nothing")) {
      try simulator.expectedClicks(user: "u01", slate: ["i0", "nothing"])
    }
    #expect(throws: SimulationError.unknownDevice("watch")) {
      try simulator.expectedClicks(user: "u01", device: "watch", slate: ["i0"])
    }
  }

  @Test func aWorldThatDoesNotFitTogetherIsRefused() {
    var world = log.world
    world.items[3].visual.removeLast()
    #expect(throws: SimulationError.self) { try ClickSimulator(world: world) }
    world = log.world
    world.items[3].category = 4
    #expect(throws: SimulationError.self) { try ClickSimulator(world: world) }
    world = log.world
    world.users[3].affinities = []
    #expect(throws: SimulationError.self) { try ClickSimulator(world: world) }
  }
}
