import Foundation
import RankingData
import Slates
import Tensors
import Testing

@Suite struct CalibratedSlateTests {
  private static let names = ["Action", "Comedy", "Drama", "Horror"]

  /// `count` candidates with categories in turn.
  private func list(_ count: Int, categories: Int) throws -> SlateList {
    try SlateList(
      id: "r", ids: (0..<count).map { "\($0)" }, scores: (0..<count).map { -Double($0) },
      categories: (0..<count).map { Self.names[$0 % categories] })
  }

  private func shares(
    of order: some Sequence<Int>, in list: SlateList
  ) -> [String: Double] {
    let categories = order.compactMap { list.category($0) }
    return Dictionary(grouping: categories, by: \.self)
      .mapValues { Double($0.count) / Double(categories.count) }
  }

  @Test func relevanceAloneIsTheRanking() throws {
    let list = try list(30, categories: 4)
    let wanted = try CategoryShares(["Horror": 1])
    let choices = try CalibratedSlate(tradeOff: 1).select(
      relevance: list.scores ?? [], calibration: SlateCalibration(list, shares: wanted), top: 10)
    #expect(choices.map(\.candidate) == Array(0..<10))
  }

  /// Shares that a slate of N can have are reached exactly.
  @Test(arguments: 0..<50)
  func calibrationAloneReachesTheShares(_ seed: Int) throws {
    var random = RandomStream(seed: UInt64(seed))
    let list = try list(200, categories: 4)
    let size = [10, 20, 50][seed % 3]
    var counts = [1, 1, 1, 1]
    for _ in 4..<size { counts[random.next(below: 1 + random.next(below: 4))] += 1 }
    let wanted = try CategoryShares(
      Dictionary(uniqueKeysWithValues: zip(Self.names, counts.map { Double($0) })))
    let order = try CalibratedSlate(tradeOff: 0).select(
      relevance: list.scores ?? [], calibration: SlateCalibration(list, shares: wanted), top: size)
    let found = shares(of: order.map(\.candidate), in: list)
    for (name, share) in wanted.shares {
      #expect(abs(found[name, default: 0] - share) < 1e-12, "\(name)")
    }
  }

  @Test(arguments: 0..<50)
  func anyTwoSharesAreReachedWithinAnItem(_ seed: Int) throws {
    var random = RandomStream(seed: UInt64(seed))
    let list = try list(100, categories: 2)
    let size = 5 + random.next(below: 40)
    let share = Double(random.nextUniform())
    let wanted = try CategoryShares(["Action": share, "Comedy": 1 - share])
    let order = try CalibratedSlate(tradeOff: 0.001).select(
      relevance: list.scores ?? [], calibration: SlateCalibration(list, shares: wanted), top: size)
    let found = shares(of: order.map(\.candidate), in: list)
    #expect(abs(found["Action", default: 0] - share) <= 1 / Double(size))
  }

  /// The definition, every divergence from scratch.
  @Test(arguments: 0..<60)
  func equalsTheDefinition(_ seed: Int) throws {
    var fixtures = SlateFixtures(seed: UInt64(seed))
    let list = fixtures.list(count: 40)
    let calibrated = try CalibratedSlate(
      tradeOff: Double(seed % 10) / 10, smoothing: seed % 3 == 0 ? 0.2 : 0.01,
      discountsRanks: seed % 2 == 0)
    let given = Self.names.map { ($0, Double(fixtures.random.next(below: 5))) }
    let wanted = try CategoryShares(Dictionary(uniqueKeysWithValues: given))
    let relevance = scaledRelevance(list.scores ?? [])
    func weight(_ place: Int) -> Double {
      calibrated.discountsRanks ? 1 / log2(Double(place + 2)) : 1
    }
    func divergence(_ order: [Int]) -> Double {
      let total = order.indices.reduce(0) { $0 + weight($1) }
      return list.distinctCategories.sorted().reduce(0) { sum, name in
        guard let p = wanted.shares[name] else { return sum }
        let mass = order.indices.reduce(0) { mass, place in
          list.category(order[place]) == name ? mass + weight(place) : mass
        }
        let a = calibrated.smoothing
        return sum + p * log(p / ((1 - a) * mass / total + a * p))
      }
    }
    var selection = CalibratedSelection(
      calibrated, relevance: list.scores ?? [],
      calibration: SlateCalibration(list, shares: wanted))
    #expect(wanted.shares.isEmpty || selection.divergence == .infinity)
    var taken: [Int] = []
    while taken.count < 25 {
      let best = selection.best([UInt8](repeating: 1, count: 40))
      let next = try #require(best)
      func value(_ i: Int) -> Double {
        calibrated.tradeOff * relevance[i] - (1 - calibrated.tradeOff) * divergence(taken + [i])
      }
      let largest = (0..<40).filter { !taken.contains($0) }.map(value).max()
      #expect(abs(value(next) - (largest ?? 0)) < 1e-12)
      selection.take(next)
      taken.append(next)
      #expect(selection.divergence.isFinite)
      #expect(abs(selection.divergence - divergence(taken)) < 1e-12)
    }
  }

  @Test func noHistoryIsTheRanking() throws {
    let list = try list(20, categories: 4)
    for wanted in [try CategoryShares(), try CategoryShares(["Action": 0]), try .init(history: [])]
    {
      #expect(wanted.shares.isEmpty)
      let choices = CalibratedSlate.standard.select(
        relevance: list.scores ?? [], calibration: SlateCalibration(list, shares: wanted), top: 20)
      #expect(choices.map(\.candidate) == Array(0..<20))
    }
    let diversifier = Diversifier.calibrated(.standard)
    var selection = try diversifier.selection(relevance: list.scores ?? [], top: 20)
    #expect(selection.choices(top: 20, of: 20).map(\.candidate) == Array(0..<20))
  }

  @Test func historyGivesShares() throws {
    let plain = try CategoryShares(history: ["a", "b", nil, "a", "c"])
    #expect(plain.shares == ["a": 0.5, "b": 0.25, "c": 0.25])
    let recent = try CategoryShares(history: ["a", "b", nil], weights: [1, 3, 100])
    #expect(recent.shares == ["a": 0.25, "b": 0.75])
    let huge = Double.greatestFiniteMagnitude
    #expect(try CategoryShares(["a": huge, "b": huge]).shares == ["a": 0.5, "b": 0.5])
    #expect(
      throws: SlateError.countMismatch(list: "history", column: "weights", expected: 2, found: 1)
    ) { try CategoryShares(history: ["a", "b"], weights: [1]) }
    for bad in [-1, Double.nan, .infinity] {
      #expect(throws: SlateError.self) { try CategoryShares(["a": bad]) }
      #expect(throws: SlateError.self) { try CategoryShares(history: ["a"], weights: [bad]) }
    }
  }

  @Test(arguments: [0, 1, -0.1, .nan])
  func smoothingIsChecked(_ value: Double) {
    #expect(throws: SlateError.self) { try CalibratedSlate(smoothing: value) }
  }
}
