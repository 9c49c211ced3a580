import Foundation
import NeuralNetworks
import RankingData
import Slates
import Tensors
import Testing

@Suite struct DecodingTests {
  static let modes: [Decoding] = [
    .greedy, .oneStep, .beam(width: 1), .beam(width: 3), .sampling(),
    .sampling(temperature: 0.5, samples: 5, seed: 3),
  ]

  @Test(arguments: modes)
  func everyModeGivesDistinctCandidates(_ decoding: Decoding) throws {
    var fixtures = SlateFixtures(seed: 61)
    let visuals = fixtures.table()
    let decoder = try Seq2SlateDecoder(fixtures.model(visuals: visuals), decoding: decoding)
    for count in [0, 1, 2, 3, 8, 21] {
      let list = fixtures.list(count: count, visuals: visuals, id: "\(count)")
      #expect(try decoder.decode(list).sorted() == Array(0..<count))
      for top in [-1, 0, 1, 2, 40] {
        let order = try decoder.decode(list, top: top)
        #expect(order.count == min(max(top, 0), count) && Set(order).count == order.count)
        #expect(order == (try decoder.decode(list, top: top)), "the same again")
        for proposal in try decoder.proposals(list, top: top) {
          #expect(proposal.order.count == order.count)
          let own = try decoder.logProbability(of: proposal.order, list)
          #expect(abs(own - proposal.logProbability) < 1e-9 * max(1, abs(own)))
        }
      }
    }
  }

  @Test func aBeamOfOneIsGreedy() throws {
    var fixtures = SlateFixtures(seed: 62)
    for spread: Scalar in [0, 0.01, 0.3, 1] {
      let model = fixtures.model(spread: spread)
      let greedy = Seq2SlateDecoder(model)
      let beam = try Seq2SlateDecoder(model, decoding: .beam(width: 1))
      for count in 0...12 {
        let list = fixtures.list(count: count)
        #expect(try beam.decode(list) == greedy.decode(list))
        #expect(try beam.decode(list, top: 3) == greedy.decode(list, top: 3))
      }
    }
  }

  /// Scores that differ in their last bits have equal sums of logarithms.
  @Test func aBeamOfOneSeesTheLastBitsOfScores() throws {
    var fixtures = SlateFixtures(seed: 63)
    let model = fixtures.model()
    model.attentionVector.value = model.attentionVector.value * 1e-7
    let list = fixtures.list(count: 12)
    #expect(
      try Seq2SlateDecoder(model, decoding: .beam(width: 1)).decode(list)
        == Seq2SlateDecoder(model).decode(list))
  }

  @Test(arguments: 2...5)
  func aBeamThatHoldsEveryOrderIsExhaustive(_ count: Int) throws {
    var fixtures = SlateFixtures(seed: 64 + UInt64(count))
    let orders = permutations(count)
    for _ in 0..<5 {
      let model = fixtures.model()
      let list = fixtures.list(count: count)
      let decoder = try Seq2SlateDecoder(model, decoding: .beam(width: orders.count))
      let proposals = try decoder.proposals(list)
      #expect(Set(proposals.map(\.order)) == Set(orders))
      let sums = proposals.map(\.logProbability)
      #expect(sums == sums.sorted(by: >))
      #expect(abs(sums.reduce(0) { $0 + exp($1) } - 1) < 1e-6)
      // The training form as the witness of the best.
      let exhaustive = orders.map { order in
        zip(model.probabilities(list, order: order), order).reduce(0.0) {
          $0 + log(Double($1.0[$1.1]))
        }
      }
      let best = try #require(exhaustive.max())
      #expect(abs(sums[0] - best) < 1e-4)
      #expect(try decoder.decode(list) == proposals[0].order)
    }
  }

  @Test func equalProbabilitiesKeepBaseOrder() throws {
    var fixtures = SlateFixtures(seed: 71)
    let model = fixtures.model()
    model.attentionVector.value = Tensor(zeros: model.attentionVector.value.shape)
    let list = fixtures.list(count: 6)
    for width in [1, 2, 7, 100] {
      let decoder = try Seq2SlateDecoder(model, decoding: .beam(width: width))
      #expect(try decoder.decode(list) == Array(0..<6))
    }
  }

  @Test(arguments: [(3, 1.0), (3, 0.4), (4, 1.0), (4, 2.5)])
  func samplesFollowTheModel(count: Int, temperature: Double) throws {
    var fixtures = SlateFixtures(seed: 72)
    let model = fixtures.model()
    let list = fixtures.list(count: count)
    let draws = 4000
    let decoder = try Seq2SlateDecoder(
      model, decoding: .sampling(temperature: temperature, samples: draws, seed: 5))
    var found: [[Int]: Int] = [:]
    for proposal in try decoder.proposals(list) { found[proposal.order, default: 0] += 1 }
    var statistic = 0.0
    for order in permutations(count) {
      // p^(1/τ) over what is open, step by step.
      let rows = model.probabilities(list, order: order)
      let expected = zip(rows, order).reduce(Double(draws)) { product, step in
        let heated = step.0.map { $0 > 0 ? pow(Double($0), 1 / temperature) : 0 }
        return product * heated[step.1] / heated.reduce(0, +)
      }
      let difference = Double(found[order] ?? 0) - expected
      statistic += difference * difference / expected
    }
    // χ² with n! - 1 degrees of freedom stays below this in 99.9 % of all draws.
    #expect(statistic < (count == 3 ? 20.5 : 49.7), "\(statistic)")
  }

  @Test func samplesDependOnSeedListAndNumberAlone() throws {
    var fixtures = SlateFixtures(seed: 73)
    let model = fixtures.model(spread: 0.1)
    let list = fixtures.list(count: 12, id: "one")
    func orders(_ samples: Int, seed: UInt64 = 1, _ list: SlateList) throws -> [[Int]] {
      try Seq2SlateDecoder(
        model, decoding: .sampling(temperature: 1, samples: samples, seed: seed)
      ).proposals(list).map(\.order)
    }
    let ten = try orders(10, list)
    #expect(Set(ten).count > 5)
    #expect(try orders(10, list) == ten)
    #expect(try orders(4, list) == Array(ten.prefix(4)))
    #expect(try orders(10, seed: 2, list) != ten)
    let other = try SlateList(
      id: "two", ids: list.ids, scores: list.scores,
      categories: list.ids.indices.map { list.category($0) })
    #expect(try orders(10, other) != ten)
  }

  @Test func theBestSampleWins() throws {
    var fixtures = SlateFixtures(seed: 74)
    let model = fixtures.model(spread: 0.1)
    let list = fixtures.list(count: 8)
    let sampling = Decoding.sampling(temperature: 1, samples: 32, seed: 9)
    let byProbability = try Seq2SlateDecoder(model, decoding: sampling)
    let proposals = try byProbability.proposals(list)
    let best = try #require(proposals.max { $0.logProbability < $1.logProbability })
    #expect(try byProbability.decode(list) == best.order)
    // The caller's judge prefers late candidates first; it finds one order not judgeable.
    let judged = try Seq2SlateDecoder(model, decoding: sampling) { _, order in
      order == proposals[0].order ? .nan : Double(order[0])
    }
    let latest = try #require(proposals.dropFirst().map(\.order[0]).max())
    #expect(try judged.decode(list)[0] == latest)
    #expect(
      try judged.decode(list)
        == #require(proposals.dropFirst().first { $0.order[0] == latest }).order)
  }

  @Test func coldSamplesAreGreedy() throws {
    var fixtures = SlateFixtures(seed: 75)
    let model = fixtures.model()
    let cold = try Seq2SlateDecoder(model, decoding: .sampling(temperature: 1e-300, samples: 3))
    let list = fixtures.list(count: 9)
    #expect(try cold.decode(list) == Seq2SlateDecoder(model).decode(list))
  }

  @Test(arguments: modes)
  func damagedWeightsAreAnErrorInEveryMode(_ decoding: Decoding) throws {
    var fixtures = SlateFixtures(seed: 76)
    let list = fixtures.list(count: 5)
    for value in [Scalar.nan, .infinity] {
      let model = fixtures.model()
      model.attentionVector.value.withMutableSpan { $0[0] = value }
      let decoder = try Seq2SlateDecoder(model, decoding: decoding)
      #expect(throws: SlateError.outputNotFinite(list: "list")) { try decoder.decode(list) }
      #expect(throws: SlateError.outputNotFinite(list: "list")) { try decoder.proposals(list) }
    }
  }

  @Test func fieldsAreChecked() throws {
    var fixtures = SlateFixtures(seed: 77)
    let model = fixtures.model()
    for (decoding, field): (Decoding, String) in [
      (.beam(width: 0), "width"), (.beam(width: 1 << 20), "width"),
      (.sampling(temperature: 0), "temperature"), (.sampling(temperature: .nan), "temperature"),
      (.sampling(temperature: .infinity), "temperature"), (.sampling(samples: 0), "samples"),
    ] {
      do {
        _ = try Seq2SlateDecoder(model, decoding: decoding)
        Issue.record("\(decoding) was taken")
      } catch {
        guard case .configuration(field, _, _) = error else {
          Issue.record("\(error)")
          continue
        }
      }
    }
  }

  @Test func modesAreWrittenAndRead() throws {
    for decoding in Self.modes {
      let data = try JSONEncoder().encode(decoding)
      #expect(try JSONDecoder().decode(Decoding.self, from: data) == decoding)
    }
    func read(_ json: String) throws -> Decoding {
      try JSONDecoder().decode(Decoding.self, from: Data(json.utf8))
    }
    #expect(try read(#"{"mode": "one_step"}"#) == .oneStep)
    #expect(try read(#"{"mode": "sampling"}"#) == .sampling())
    #expect(throws: (any Error).self) { try read(#"{"mode": "beam"}"#) }
    #expect(throws: SlateError.self) { try read(#"{"mode": "beam", "width": 0}"#) }
    #expect(throws: (any Error).self) { try read(#"{"mode": "thorough"}"#) }
  }

  /// Rows of a beam are computed together in tiles; each must get the bits it would get alone.
  @Test(arguments: [(6, 10), (64, 128)])
  func aRowDoesNotDependOnItsNeighbours(width: Int, cells: Int) throws {
    var fixtures = SlateFixtures(seed: 78)
    let model = fixtures.model(width: width, cells: cells, spread: 0.2)
    let list = fixtures.list(count: 11)
    let alone = Seq2SlateDecoder(model)
    for beam in [2, 3, 4, 5, 7, 8, 13] {
      for proposal in try Seq2SlateDecoder(model, decoding: .beam(width: beam)).proposals(list) {
        #expect(
          try alone.logProbability(of: proposal.order, list) == proposal.logProbability)
      }
    }
  }
}
