import Foundation
import NeuralNetworks
import RankingData
import Slates
import Tensors
import Testing

@Suite struct Seq2SlateDecoderTests {
  /// Widths on both sides of every vector width of the kernels, with and without tails.
  @Test(arguments: [(4, 6), (8, 16), (13, 37), (64, 128)])
  func servingFormEqualsTrainingForm(width: Int, cells: Int) throws {
    var fixtures = SlateFixtures(seed: UInt64(width))
    let visuals = fixtures.table()
    let model = fixtures.model(visuals: visuals, width: width, cells: cells, spread: 0.3)
    let decoder = Seq2SlateDecoder(model)
    for count in [0, 1, 2, 3, 5, 17, 50] {
      let list = fixtures.list(count: count, visuals: visuals)
      let order = try decoder.decode(list)
      #expect(order == model.greedyOrder(list))
      #expect(order.sorted() == Array(0..<count))
    }
  }

  /// The scores themselves, not only their order.
  @Test func firstScoresEqualTrainingForm() throws {
    var fixtures = SlateFixtures(seed: 3)
    let visuals = fixtures.table()
    let model = fixtures.model(visuals: visuals, width: 24, cells: 40)
    let list = fixtures.list(count: 20, visuals: visuals)
    let batch = try SlateBatch([list], model.features)
    let pass = Pass.inference()
    var expected: [Double] = []
    model.decode(model.encode(batch, pass), batch, steps: 1, pass) { step in
      expected = step.scores.scalars.map { Double($0) }
      return nil
    }
    var buffers = DecoderBuffers()
    let weights = Seq2SlateWeights(model)
    try buffers.encode(list, weights)
    try buffers.score(list, weights)
    #expect(largestDifference(buffers.states.scores, expected) < 1e-5)
  }

  /// Exponentials of such keys and queries have no product to trust; scores are as exact without.
  @Test(arguments: [Scalar(20), 60, 1000])
  func largeKeysAreNoTrouble(scale: Scalar) throws {
    var fixtures = SlateFixtures(seed: 4)
    let model = fixtures.model(width: 24, cells: 40)
    for entry in ParameterList(model).entries
    where entry.name == "attention.encoder.weight" || entry.name == "attention.decoder.weight" {
      entry.parameter.value = entry.parameter.value * scale
    }
    let list = fixtures.list(count: 20)
    let order = try Seq2SlateDecoder(model).decode(list)
    let expected = zip(model.probabilities(list, order: order), order).reduce(0.0) {
      $0 + log(Double($1.0[$1.1]))
    }
    #expect(abs(try Seq2SlateDecoder(model).logProbability(of: order, list) - expected) < 1e-3)
  }

  @Test func prefixOfTheFullOrderIsTheShortOrder() throws {
    var fixtures = SlateFixtures(seed: 5)
    let decoder = Seq2SlateDecoder(fixtures.model())
    let list = fixtures.list(count: 12)
    let full = try decoder.decode(list)
    for top in 0...14 {
      #expect(try decoder.decode(list, top: top) == Array(full.prefix(top)))
    }
  }

  @Test func equalScoresKeepBaseOrder() throws {
    var fixtures = SlateFixtures(seed: 6)
    let model = fixtures.model()
    // Without the attention vector every score is 0.
    model.attentionVector.value = Tensor(zeros: model.attentionVector.value.shape)
    let list = fixtures.list(count: 9)
    #expect(try Seq2SlateDecoder(model).decode(list) == Array(0..<9))
    #expect(model.greedyOrder(list) == Array(0..<9))
  }

  @Test func oneStepSortsTheFirstScores() throws {
    var fixtures = SlateFixtures(seed: 7)
    let model = fixtures.model()
    let decoder = try Seq2SlateDecoder(model, decoding: .oneStep)
    let list = fixtures.list(count: 15)
    let first = model.probabilities(list, order: [0])[0]
    let sorted = (0..<15).sorted { first[$0] > first[$1] }
    #expect(try decoder.decode(list) == sorted)
    #expect(try decoder.decode(list, top: 4) == Array(sorted.prefix(4)))
    #expect(try decoder.decode(list, top: 1) == Seq2SlateDecoder(model).decode(list, top: 1))
  }

  @Test func buffersAreReusedWithoutTraces() throws {
    var fixtures = SlateFixtures(seed: 8)
    let visuals = fixtures.table()
    let model = fixtures.model(visuals: visuals)
    let lists = [30, 3, 12, 1, 29].map { fixtures.list(count: $0, visuals: visuals) }
    let shared = Seq2SlateDecoder(model)
    for list in lists + lists.reversed() {
      #expect(try shared.decode(list) == Seq2SlateDecoder(model).decode(list))
    }
  }

  @Test func manyTasksShareOneDecoder() async throws {
    var fixtures = SlateFixtures(seed: 9)
    let model = fixtures.model()
    let decoder = Seq2SlateDecoder(model)
    let lists = (0..<64).map { fixtures.list(count: 2 + $0 % 20) }
    let expected = try lists.map { try decoder.decode($0) }
    let found = try await withThrowingTaskGroup(of: (Int, [Int]).self) { group in
      for (number, list) in lists.enumerated() {
        group.addTask { (number, try decoder.decode(list)) }
      }
      var orders = [[Int]](repeating: [], count: lists.count)
      for try await (number, order) in group { orders[number] = order }
      return orders
    }
    #expect(found == expected)
  }

  @Test func damagedWeightsAreAnError() throws {
    var fixtures = SlateFixtures(seed: 10)
    let list = fixtures.list(count: 5)
    for value in [Scalar.nan, .infinity, -.infinity] {
      let model = fixtures.model()
      model.attentionVector.value.withMutableSpan { $0[0] = value }
      #expect(throws: SlateError.outputNotFinite(list: "list")) {
        try Seq2SlateDecoder(model).decode(list)
      }
    }
  }

  @Test func damagedVectorsAreAnError() throws {
    var fixtures = SlateFixtures(seed: 11)
    let table = fixtures.table(count: 3)
    let decoder = Seq2SlateDecoder(fixtures.model(visuals: table))
    for value in [Float.nan, .infinity, .greatestFiniteMagnitude] {
      var vectors = table.vectors
      vectors[table.width] = value
      let list = try SlateList(
        id: "r", ids: ["v0", "v1", "v2"],
        visuals: VisualTable(ids: table.ids, width: table.width, vectors: vectors))
      if isDoublePrecisionBuild && value.isFinite { continue }
      #expect(throws: SlateError.visualNotFinite(list: "r", item: "v1")) {
        try decoder.decode(list)
      }
    }
    let wide = fixtures.table(count: 2, width: 9)
    let list = try SlateList(id: "r", ids: ["v0", "v1"], visuals: wide)
    #expect(throws: SlateError.visualWidth(list: "r", expected: 6, found: 9)) {
      try decoder.decode(list)
    }
  }

  @Test func extremeScoresAreHarmless() throws {
    var fixtures = SlateFixtures(seed: 12)
    let decoder = Seq2SlateDecoder(fixtures.model())
    let extremes = [
      Double.greatestFiniteMagnitude, -Double.greatestFiniteMagnitude, Double.leastNonzeroMagnitude,
      0,
    ]
    let list = try SlateList(id: "r", ids: ["a", "b", "c", "d"], scores: extremes)
    #expect(try decoder.decode(list).sorted() == [0, 1, 2, 3])
  }
}

let isDoublePrecisionBuild = Scalar.self == Double.self

extension Seq2Slate {
  var attentionVector: Parameter {
    guard
      let entry = ParameterList(self).entries.first(where: { $0.name == "attention.vector" })
    else { preconditionFailure("no attention vector") }
    return entry.parameter
  }
}
