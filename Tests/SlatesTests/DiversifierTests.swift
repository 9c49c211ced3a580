import Foundation
import RankingData
import Slates
import Tensors
import Testing

@Suite struct DiversifierTests {
  private static let all: [Diversifier] = [
    .none, .mmr(.standard), .dpp(.standard), .dpp(made { try DPP(tradeOff: 0.2, window: 3) }),
    .calibrated(.standard),
  ]

  private func selection(
    _ diversifier: Diversifier, _ list: SlateList
  ) throws -> any SlateSelection {
    try diversifier.selection(
      relevance: list.scores ?? [], similarity: try SlateSimilarity(list), top: 4,
      calibration: SlateCalibration(list, shares: CategoryShares(["Drama": 2, "Horror": 1])))
  }

  /// Taking the best in turn, some of them pinned, some forbidden at times.
  @Test(arguments: all)
  func everyCandidateIsTakenOnce(_ diversifier: Diversifier) throws {
    var fixtures = SlateFixtures(seed: 71)
    let visuals = fixtures.table()
    for count in [0, 1, 8, 9, 50] {
      let list = fixtures.list(count: count, visuals: visuals)
      var (first, second) = (try selection(diversifier, list), try selection(diversifier, list))
      var taken: [Int] = []
      while taken.count < count {
        let allowed = (0..<count).map { _ in UInt8(fixtures.random.next(below: 4)) }
        let best = first.best(allowed)
        #expect(best == second.best(allowed))
        let open = (0..<count).filter { !taken.contains($0) }
        #expect((best == nil) == open.allSatisfy { allowed[$0] == 0 })
        if let best { #expect(allowed[best] != 0 && !taken.contains(best)) }
        let next = best ?? open[fixtures.random.next(below: open.count)]
        first.take(next)
        second.take(next)
        let nearest = first.nearest(next)
        #expect((nearest == nil) == (taken.isEmpty || !diversifier.comparesCandidates))
        if let nearest {
          let similarity = try SlateSimilarity(list)
          let largest = taken.map { similarity(next, $0) }.max() ?? 0
          #expect(taken.contains(nearest.candidate))
          #expect(abs(nearest.similarity - largest) < 1e-6)
          #expect(abs(similarity(next, nearest.candidate) - largest) < 1e-6)
        }
        taken.append(next)
      }
      #expect(first.best([UInt8](repeating: 1, count: count)) == nil)
      #expect(taken.sorted() == Array(0..<count))
    }
  }

  @Test(arguments: [1, 2, 7, 8, 9, 16, 31])
  func ofEqualValuesTheFirstIsBest(_ count: Int) {
    var random = RandomStream(seed: UInt64(count))
    for _ in 0..<200 {
      let values = (0..<count).map { _ in Double(random.next(below: 3)) - 1 }
      let allowed = (0..<count).map { _ in UInt8(random.next(below: 2) * 128) }
      var candidates = CandidateValues(values)
      var left = (0..<count).filter { allowed[$0] != 0 }
      while let largest = left.map({ values[$0] }).max() {
        let first = left.first { values[$0] == largest }
        #expect(candidates.best(allowed) == first)
        guard let first else { break }
        candidates.take(first)
        left.removeAll { $0 == first }
      }
      #expect(candidates.best(allowed) == nil)
    }
  }

  @Test func whatComparesNeedsSimilarities() throws {
    for diversifier in Self.all where diversifier.comparesCandidates {
      #expect(throws: SlateError.self) {
        try diversifier.selection(relevance: [2, 1], top: 2)
      }
    }
    for diversifier in Self.all where !diversifier.comparesCandidates {
      var selection = try diversifier.selection(relevance: [1, 3, 2], top: 3)
      #expect(selection.choices(top: 3, of: 3).map(\.candidate) == [1, 2, 0])
    }
  }

  @Test(arguments: all)
  func configurationsRoundTrip(_ diversifier: Diversifier) throws {
    let data = try JSONEncoder().encode(diversifier)
    #expect(try JSONDecoder().decode(Diversifier.self, from: data) == diversifier)
    try diversifier.validate()
  }

  @Test func missingFieldsTakeTheirDefaults() throws {
    func decoded(_ json: String) throws -> Diversifier {
      try JSONDecoder().decode(Diversifier.self, from: Data(json.utf8))
    }
    #expect(try decoded(#"{"kind": "dpp"}"#) == .dpp(.standard))
    #expect(try decoded(#"{"kind": "calibrated"}"#) == .calibrated(.standard))
    #expect(
      try decoded(#"{"kind": "mmr", "trade_off": 0.25}"#) == .mmr(MMR(tradeOff: 0.25)))
    #expect(throws: (any Error).self) { try decoded("{}") }
    #expect(throws: (any Error).self) { try decoded(#"{"kind": "dpp", "trade_off": 2}"#) }
    #expect(throws: (any Error).self) { try decoded(#"{"kind": "xquad"}"#) }
  }
}
