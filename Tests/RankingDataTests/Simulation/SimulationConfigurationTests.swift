import Foundation
import RankingData
import Testing

struct SimulationConfigurationTests {
  @Test func missingKeysKeepTheirDefaults() throws {
    let read = try JSONDecoder().decode(
      SimulationConfiguration.self, from: Data(#"{"users": 12, "taste_weight": 2}"#.utf8))
    var expected = SimulationConfiguration()
    expected.users = 12
    expected.tasteWeight = 2
    #expect(read == expected)
  }

  @Test func unknownKeysAreRefused() {
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        SimulationConfiguration.self, from: Data(#"{"user": 12}"#.utf8))
    }
    #expect("\(error, default: "")".contains("no configuration key 'user'"))
  }

  @Test func everyKeySurvivesTheRoundTrip() throws {
    var configuration = SimulationConfiguration()
    configuration.users += 1
    configuration.sessions += 1
    configuration.minimumCandidates += 1
    configuration.maximumCandidates += 1
    configuration.start += 1
    for path in [
      \SimulationConfiguration.days, \.initialShare, \.freshnessDays, \.freshnessFloor,
      \.recallAffinity, \.recallTaste, \.recallFocus, \.loggingSkill, \.interest,
      \.qualityWeight, \.trendShare, \.tasteWeight, \.affinityWeight, \.priceWeight,
      \.duplicatePenalty, \.categorySimilarity, \.similarityDistance, \.purchaseInterest,
      \.purchaseQualityWeight, \.purchaseAffinityWeight, \.purchasePriceWeight,
    ] {
      configuration[keyPath: path] += 0.0625
    }
    configuration.tasteAttributes += 1
    configuration.devices.removeLast()
    let data = try JSONEncoder().encode(configuration)
    let read = try JSONDecoder().decode(SimulationConfiguration.self, from: data)
    #expect(read == configuration)
  }

  @Test func valuesOutsideTheirRangeAreRefused() throws {
    let items = simulatedCatalogue()
    for (path, value) in [
      (\SimulationConfiguration.initialShare, 1.5), (\.days, 0), (\.freshnessFloor, 0),
      (\.similarityDistance, -1), (\.duplicatePenalty, 1.1), (\.tasteWeight, .nan),
      (\.loggingSkill, -0.1),
    ] {
      var configuration = smallConfiguration()
      configuration[keyPath: path] = value
      #expect(throws: SimulationError.self) {
        try Simulation(configuration: configuration, items: items, seed: 1)
      }
    }
  }

  @Test func aRefusalNamesTheKeyAsItIsWritten() {
    var configuration = smallConfiguration()
    configuration.start = .min
    #expect(
      throws: SimulationError.configuration(
        key: "start", value: "-9223372036854775808", requirement: "within 950 years of 1970")
    ) {
      try Simulation(configuration: configuration, items: simulatedCatalogue(), seed: 1)
    }
    configuration = smallConfiguration()
    configuration.maximumCandidates = 10
    #expect(
      throws: SimulationError.configuration(
        key: "maximum_candidates", value: "10", requirement: "from minimum_candidates to 10000")
    ) {
      try Simulation(configuration: configuration, items: simulatedCatalogue(), seed: 1)
    }
  }

  @Test func aCatalogueThatCannotBeSimulatedIsRefused() throws {
    let items = simulatedCatalogue()
    let configuration = smallConfiguration()
    #expect(throws: SimulationError.tooFewItems(found: 20, needed: 28)) {
      try Simulation(configuration: configuration, items: Array(items.prefix(40)), seed: 1)
    }
    #expect(throws: SimulationError.tooFewItems(found: 0, needed: 28)) {
      try Simulation(configuration: configuration, items: [], seed: 1)
    }
    for spoil: (inout SimulatedItem) -> Void in [
      { $0.id = "i1" }, { $0.price = 0 }, { $0.attributes.removeLast() },
      { $0.attributes[0] = .nan },
    ] {
      var spoiled = items
      spoil(&spoiled[7])
      #expect(throws: SimulationError.self) {
        try Simulation(configuration: configuration, items: spoiled, seed: 1)
      }
    }
  }
}
