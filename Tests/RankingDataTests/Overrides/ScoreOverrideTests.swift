import RankingData
import Testing

@Suite struct ScoreOverrideTests {
  private static let yaml = """
    version: autumn
    overrides:
      - {feature: item, value: "593", add: -4, until: 2026-12-31, reason: recalled}
      - {feature: category, value: Coats, add: 0.5, from: 2026-12-01, until: 2026-12-24}
      - {feature: tags, value: warm, add: 1, until: 4102444800}
      - {feature: size, value: "42", add: 0.25, until: 4102444800}
    """
  private static let schema = RankingSchema(
    categorical: [.init(name: "item"), .init(name: "size")], multiValued: [.init(name: "tags")])

  private func overrides(_ yaml: String = yaml) throws -> ScoreOverrides {
    try ScoreOverrides(ConfigurationNode(yaml: yaml))
  }

  private let items = [
    Candidate(id: "593", category: "Coats", features: ["tags": "soft|warm", "size": 42]),
    Candidate(id: "594", category: "Coats", features: ["tags": ["warm"]]),
    Candidate(id: "595", category: "Hats", features: ["tags": "warmer"]),
  ]

  private func sums(at time: Int64?, now: Int64 = 0) throws -> [Double] {
    try overrides().adjustments(
      of: RankingRequest(id: "r", timestamp: time, items: items), schema: Self.schema,
      catalogue: nil, now: now)
  }

  // Midnights in UTC.
  private let december1: Int64 = 1_796_083_200
  private let january1: Int64 = 1_798_761_600

  @Test func everyMatchingFeatureCounts() throws {
    #expect(try sums(at: december1) == [-4 + 0.5 + 1 + 0.25, 0.5 + 1, 0])
  }

  /// A day counts whole; the second after it is the first without.
  @Test func overridesEnd() throws {
    #expect(try sums(at: december1 - 1) == [-4 + 1 + 0.25, 1, 0])
    #expect(try sums(at: january1 - 1) == [-4 + 1 + 0.25, 1, 0])
    #expect(try sums(at: january1) == [1 + 0.25, 1, 0])
    #expect(try sums(at: 4_102_444_800) == [0, 0, 0])
    #expect(try sums(at: nil, now: december1) == sums(at: december1), "now, where no time is given")
  }

  @Test(arguments: [
    ("{version: 1}", "overrides"),
    ("{version: 1, overrides: [{feature: item, value: a, add: 1}]}", "renew"),
    ("{version: 1, overrides: [{feature: item, value: a, add: x, until: 9}]}", "add"),
    ("{version: 1, overrides: [{feature: item, value: a, add: 1, until: tomorrow}]}", "no day"),
    ("{version: 1, overrides: [{feature: item, value: a, add: 1, untl: 9}]}", "\"until\""),
    (
      "{version: 1, overrides: [{feature: item, value: a, add: 1, from: 2026-05-02, until: 9}]}",
      "before it begins"
    ),
  ])
  func mistakesAreNamed(yaml: String, says: String) {
    let error = failure { _ = try overrides(yaml) }
    #expect(error?.description.contains(says) == true, "\(error as Any)")
  }

  @Test func aFeatureThatNobodyHasIsRefused() throws {
    try overrides().check(Self.schema, nil)
    let error = failure {
      try overrides("{version: 1, overrides: [{feature: itm, value: a, add: 1, until: 9}]}")
        .check(Self.schema, nil)
    }
    #expect(error?.description.contains("\"item\"") == true)
  }
}
