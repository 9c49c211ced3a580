import Foundation
import RankingData
import Slates
import Testing

@Suite struct ClickWorldTests {
  private let attraction = GradedAttraction(noise: 0.1, highestGrade: 2)

  /// A list in base order; `points` are the candidates' features.
  private func judged(
    _ grades: [Double], points: [[Float]]? = nil, id: String = "q"
  ) throws -> JudgedList {
    let points = points ?? grades.indices.map { [Float($0 * $0)] }
    return try JudgedList(
      SlateList(
        id: id, ids: grades.indices.map { "d\($0)" }, features: points.flatMap { $0 },
        featureWidth: points.first?.count ?? 0), grades: grades)
  }

  private var worlds: [any ClickWorld] {
    [
      SemiSyntheticClicks(), SemiSyntheticClicks(quantile: 0.5),
      PositionBasedClicks(attraction: attraction), CascadeClicks(attraction: attraction),
      DynamicBayesianClicks(attraction: attraction),
    ]
  }

  /// Shares of clicks at each position over many sessions.
  private func rates(
    _ world: any ClickWorld, _ list: JudgedList, sessions: Int = 20_000
  ) throws -> [Double] {
    var counts = [Double](repeating: 0, count: list.count)
    for session in 0..<sessions {
      for (place, click) in try world.clicks(on: list, seed: 3, session: session).enumerated()
      where click { counts[place] += 1 }
    }
    return counts.map { $0 / Double(sessions) }
  }

  /// Five standard errors of a share over 20,000 sessions.
  private let tolerance = 5 * (0.25 / 20_000.0).squareRoot()

  @Test func withoutDecayEverythingIsSeen() throws {
    let list = try judged([0, 2, 1, 0, 1, 0, 2])
    let world = SemiSyntheticClicks(eta: 0)
    for seed in 0..<20 {
      #expect(
        try world.clicks(on: list, seed: UInt64(seed))
          == [false, true, true, false, true, false, true])
    }
    #expect(
      try SemiSyntheticClicks(eta: 0, threshold: 2).clicks(on: list, seed: 1)
        == [false, true, false, false, false, false, true])
  }

  @Test func attentionFallsWithThePosition() throws {
    let list = try judged([1, 1, 0, 2, 1])
    let found = try rates(SemiSyntheticClicks(eta: 0.7), list)
    for (place, rate) in found.enumerated() {
      let expected = place == 2 ? 0 : pow(Double(place + 1), -0.7)
      #expect(abs(rate - expected) < tolerance, "position \(place): \(rate), not \(expected)")
    }
  }

  /// Chosen by hand: distances 1 (0-1), 9 (0-2), 8 (1-2), 10 (0-3), 9 (1-3), 1 (2-3); the median
  /// lies between 8 and 9.
  @Test func diverseClicksKeepTheirDistance() throws {
    let list = try judged([1, 1, 1, 1], points: [[0], [1], [9], [10]])
    func clicks(_ quantile: Double) throws -> [Bool] {
      try SemiSyntheticClicks(eta: 0, quantile: quantile).clicks(on: list, seed: 1)
    }
    #expect(try clicks(0.5) == [true, false, true, false])
    // Above the least distance: of each near pair the first, and everything else.
    #expect(try clicks(0) == [true, false, true, false])
    // Nothing is further than the furthest pair.
    #expect(try clicks(1) == [true, false, false, false])
  }

  @Test func onlyClicksKeepOthersAway() throws {
    // What is near an irrelevant candidate is clicked all the same.
    let list = try judged([0, 1, 1], points: [[0], [0.1], [10]])
    #expect(
      try SemiSyntheticClicks(eta: 0, quantile: 0).clicks(on: list, seed: 1)
        == [false, true, true])
  }

  @Test func duplicatesGetOneClick() throws {
    let list = try judged(
      [1, 2, 1, 1], points: [[3, 1, 7], [3, 1, 7], [3, 1, 7], [3, 1, 7]])
    for quantile in [0, 0.5, 1] {
      #expect(
        try SemiSyntheticClicks(eta: 0, quantile: quantile).clicks(on: list, seed: 1)
          == [true, false, false, false])
    }
    let pair = try judged([1, 1, 1], points: [[0, 5], [0, 5], [4, 6]])
    #expect(
      try SemiSyntheticClicks(eta: 0, quantile: 0).clicks(on: pair, seed: 1)
        == [true, false, true])
  }

  /// Units must not decide, nor columns that are constant or missing.
  @Test func distancesAreOfStandardisedFeatures() throws {
    let plain: [[Float]] = [[0, 3], [1, 0], [2, 5], [7, 1], [4, 4]]
    let grades = [1.0, 1, 1, 1, 1]
    let scaled = plain.map { [$0[0] * 1e6 - 5, 0.1, $0[1] * 1e-3, .nan] }
    for quantile in [0.2, 0.5, 0.8] {
      let world = SemiSyntheticClicks(eta: 0, quantile: quantile)
      #expect(
        try world.clicks(on: judged(grades, points: plain), seed: 1)
          == world.clicks(on: judged(grades, points: scaled), seed: 1))
    }
  }

  @Test func clicksAreFrozen() throws {
    let lists = try (0..<40).map { number in
      try judged((0..<12).map { Double(($0 * 7 + number) % 3) }, id: "query \(number)")
    }
    for world in worlds {
      let first = try lists.map { try world.clicks(on: $0, seed: 5) }
      let reversed = try lists.reversed().map { try world.clicks(on: $0, seed: 5) }
      #expect(first == reversed.reversed(), "the order of the lists is no matter")
      #expect(try first != lists.map { try world.clicks(on: $0, seed: 6) })
      #expect(try first != lists.map { try world.clicks(on: $0, seed: 5, session: 1) })
    }
    // Users are alike in every world: what is looked at does not depend on what is clicked.
    let wide = try lists.map { try SemiSyntheticClicks(threshold: 1).clicks(on: $0, seed: 5) }
    let narrow = try lists.map { try SemiSyntheticClicks(threshold: 2).clicks(on: $0, seed: 5) }
    for (few, many) in zip(narrow.joined(), wide.joined()) { #expect(!few || many) }
  }

  @Test func positionBasedRates() throws {
    let list = try judged([2, 0, 1, 2])
    let world = PositionBasedClicks(eta: 1, attraction: attraction)
    let attracts = [0.9, 0.1, 0.1 + 0.8 / 3, 0.9]
    for (place, rate) in try rates(world, list).enumerated() {
      #expect(abs(rate - attracts[place] / Double(place + 1)) < tolerance)
    }
  }

  @Test func cascadeRates() throws {
    let list = try judged([1, 0, 2, 2])
    let attracts = [0.1 + 0.8 / 3, 0.1, 0.9, 0.9]
    var reached = 1.0
    let found = try rates(CascadeClicks(attraction: attraction), list)
    for (place, rate) in found.enumerated() {
      #expect(abs(rate - reached * attracts[place]) < tolerance)
      reached *= 1 - attracts[place]
    }
    for session in 0..<200 {
      let clicks = try CascadeClicks(attraction: attraction)
        .clicks(on: list, seed: 9, session: session)
      #expect(clicks.count { $0 } <= 1)
    }
  }

  @Test func dynamicBayesianRates() throws {
    let grades = [1.0, 2, 0, 2]
    let world = DynamicBayesianClicks(
      attraction: attraction, satisfaction: 0.6, perseverance: 0.8)
    var reached = 1.0
    for (place, rate) in try rates(world, judged(grades)).enumerated() {
      let worth = (exp2(grades[place]) - 1) / 3
      let attracts = 0.1 + 0.8 * worth
      #expect(abs(rate - reached * attracts) < tolerance)
      reached *= 0.8 * (1 - attracts * 0.6 * worth)
    }
  }

  @Test func degenerateListsAreLegal() throws {
    let lists = try [
      judged([]), judged([1]), judged([0, 0, 0]), judged([2, 2], points: [[], []]),
    ]
    for world in worlds {
      for list in lists {
        #expect(try world.clicks(on: list, seed: 1).count == list.count)
      }
    }
    #expect(try SemiSyntheticClicks(quantile: 0.5).clicks(on: lists[1], seed: 1) == [true])
    #expect(try SemiSyntheticClicks(eta: 0).clicks(on: lists[2], seed: 1).contains(true) == false)
  }

  @Test func badSettingsAndGradesAreRefused() throws {
    let bad: [any ClickWorld] = [
      SemiSyntheticClicks(eta: -1), SemiSyntheticClicks(eta: .nan),
      SemiSyntheticClicks(threshold: .infinity), SemiSyntheticClicks(quantile: 1.5),
      PositionBasedClicks(attraction: GradedAttraction(noise: 0.6, highestGrade: 2)),
      CascadeClicks(attraction: GradedAttraction(highestGrade: 0)),
      DynamicBayesianClicks(attraction: attraction, satisfaction: 2),
      DynamicBayesianClicks(attraction: attraction, perseverance: -0.1),
    ]
    for world in bad { #expect(throws: SlateError.self) { try world.validate() } }
    for world in worlds { #expect(throws: Never.self) { try world.validate() } }
    let list = try judged([3, 1])
    #expect(throws: SlateError.self) {
      try CascadeClicks(attraction: attraction).clicks(on: list, seed: 1)
    }
    #expect(throws: SlateError.self) { try judged([1, -1]) }
    #expect(throws: SlateError.self) { try judged([.nan]) }
  }

  @Test func requestsBringGradesAsAFeature() throws {
    let request = RankingRequest(
      id: "q",
      items: [
        Candidate(id: "a", score: 1, features: ["relevance": 0, "x": 1, "name": "text"]),
        Candidate(id: "b", score: 3, features: ["relevance": 2, "x": 5]),
        Candidate(id: "c", score: 2, features: ["relevance": 1]),
      ])
    let judged = try JudgedList(request)
    #expect(judged.grades == [2, 1, 0] && judged.list.ids == ["b", "c", "a"])
    #expect(judged.list.featureWidth == 1 && judged.list.features[0] == 5)
    #expect(judged.list.features[1].isNaN)
    #expect(try JudgedList(request, limit: 2).grades == [2, 1])
    let error = #expect(throws: SlateError.self) { try JudgedList(request, grade: "grade") }
    #expect(error?.description.contains("grade") == true)
  }
}
