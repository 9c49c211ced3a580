import Foundation
import NeuralNetworks
import RankingData
import Slates
import Tensors
import TestSupport
import Testing

@Suite struct PRMTests {
  private func model(
    _ fixtures: inout SlateFixtures, _ visuals: VisualTable = .empty, width: Int = 12,
    heads: Int = 3, positions: Int = 7
  ) throws -> PRM {
    var configuration = PRMConfiguration()
    configuration.categories = SlateFixtures.categories
    configuration.categoryWidth = 3
    configuration.visualInputs = visuals.width
    configuration.visualWidth = 5
    configuration.width = width
    configuration.heads = heads
    configuration.feedForward = 21
    configuration.positions = positions
    let model = try PRM(configuration, seed: fixtures.random.next())
    for entry in ParameterList(model).entries {
      entry.parameter.value = Tensor(
        normal: 0.4, shape: entry.parameter.value.shape, random: &fixtures.random)
    }
    return model
  }

  /// Scores of one list by the training form.
  private func scores(_ model: PRM, _ list: SlateList, steps: Int? = nil) throws -> [Double] {
    let batch = try SlateBatch([list], model.features, steps: steps)
    return model.scores(batch, .inference()).scalars.prefix(list.count).map { Double($0) }
  }

  @Test(arguments: [(12, 3), (16, 1), (64, 4)])
  func servingFormEqualsTrainingForm(width: Int, heads: Int) throws {
    var fixtures = SlateFixtures(seed: 91)
    let visuals = fixtures.table()
    let model = try model(&fixtures, visuals, width: width, heads: heads)
    let decoder = PRMDecoder(model)
    for count in [50, 2, 3, 17, 1, 0] {
      let list = fixtures.list(count: count, visuals: visuals)
      let expected = count == 0 ? [] : try scores(model, list)
      #expect(largestDifference(try decoder.scores(of: list), expected) < 2e-5)
      let order = try decoder.decode(list)
      #expect(order.sorted() == Array(0..<count))
      #expect(try decoder.decode(list, top: 4) == Array(order.prefix(4)))
    }
  }

  @Test func paddingAndBatchMatesChangeNothing() throws {
    var fixtures = SlateFixtures(seed: 92)
    let visuals = fixtures.table()
    let model = try model(&fixtures, visuals)
    let lists = [5, 1, 9, 0, 4].map { fixtures.list(count: $0, visuals: visuals, clicked: 0.6) }
    for list in lists where list.count > 0 {
      let padded = try scores(model, list, steps: 31)
      #expect(largestDifference(padded.map { Scalar($0) }, try scores(model, list)) < 1e-5)
    }
    func lossAndGradients(_ steps: Int?) throws -> (Double, [[Scalar]]) {
      let pass = Pass.inference()
      let batch = try SlateBatch(lists, model.features, steps: steps)
      let value = Double(model.loss(batch, pass).item())
      let tape = Pass.training(seed: 1)
      var still = model.configuration
      still.dropout = 0
      let twin = try PRM(still)
      ParameterList(twin).restore(ParameterList(model).snapshot())
      let gradients = tape.gradients(of: twin.loss(batch, tape))
      return (value, ParameterList(twin).entries.map { gradients.dense($0.parameter).scalars })
    }
    let (loss, gradients) = try lossAndGradients(nil)
    let (paddedLoss, paddedGradients) = try lossAndGradients(23)
    #expect(abs(loss - paddedLoss) < 1e-5)
    for (a, b) in zip(gradients, paddedGradients) {
      #expect(largestDifference(a, b.map { Double($0) }) < 1e-5)
    }
    let clicked = lists.filter { $0.clicks?.contains(true) ?? false }
    let alone = try clicked.map { list in
      Double(model.loss(try SlateBatch([list], model.features), .inference()).item())
    }
    #expect(abs(alone.reduce(0, +) / Double(clicked.count) - loss) < 1e-5)
  }

  /// Attention is blind to order: only the rank's embedding and the rank among the features tell two
  /// orders apart.
  @Test func orderShowsThroughTheRankAlone() throws {
    var fixtures = SlateFixtures(seed: 93)
    let model = try model(&fixtures)
    let list = fixtures.list(count: 9)
    let categories = list.ids.indices.map { list.category($0) }
    func scoreByItem(_ model: PRM, _ order: [Int]) throws -> [String: Double] {
      let shuffled = try SlateList(
        id: "r", ids: order.map { list.ids[$0] }, scores: order.map { list.scores?[$0] ?? 0 },
        categories: order.map { categories[$0] }, order: .asGiven)
      return Dictionary(uniqueKeysWithValues: zip(shuffled.ids, try scores(model, shuffled)))
    }
    let base = Array(0..<9)
    let order = base.shuffled(using: &fixtures.random)
    let (before, after) = (try scoreByItem(model, base), try scoreByItem(model, order))
    #expect(before.contains { abs($0.value - (after[$0.key] ?? 0)) > 1e-3 })
    for entry in ParameterList(model).entries {
      if entry.name == "positions" {
        entry.parameter.value = Tensor(zeros: entry.parameter.value.shape)
      }
      if entry.name == "input.weight" {
        let inputs = entry.parameter.value.shape[1]
        entry.parameter.value.withMutableSpan { weights in
          for row in 0..<weights.count / inputs { weights[row * inputs + 1] = 0 }
        }
      }
    }
    let (blind, alsoBlind) = (try scoreByItem(model, base), try scoreByItem(model, order))
    for (item, score) in blind { #expect(abs(score - (alsoBlind[item] ?? .infinity)) < 1e-5) }
  }

  @Test func equalScoresKeepBaseOrder() throws {
    var fixtures = SlateFixtures(seed: 94)
    let model = try model(&fixtures)
    for entry in ParameterList(model).entries where entry.name == "output.weight" {
      entry.parameter.value = Tensor(zeros: entry.parameter.value.shape)
    }
    #expect(try PRMDecoder(model).decode(fixtures.list(count: 11)) == Array(0..<11))
  }

  @Test func damagedWeightsAreAnError() throws {
    var fixtures = SlateFixtures(seed: 95)
    let list = fixtures.list(count: 6)
    for name in ["output.weight", "blocks.1.expansion.weight", "positions"] {
      let model = try model(&fixtures)
      for entry in ParameterList(model).entries where entry.name == name {
        entry.parameter.value.withMutableSpan { $0[0] = .nan }
      }
      #expect(throws: SlateError.outputNotFinite(list: "list")) {
        try PRMDecoder(model).decode(list)
      }
    }
  }

  @Test func itSortsInEveryModeThatSorts() throws {
    var fixtures = SlateFixtures(seed: 96)
    let model = try model(&fixtures)
    let list = fixtures.list(count: 8)
    #expect(try model.decoder(.greedy).decode(list) == model.decoder(.oneStep).decode(list))
    for decoding in [Decoding.beam(width: 2), .sampling()] {
      #expect(throws: SlateError.self) { try model.decoder(decoding) }
    }
  }

  @Test func configurationIsChecked() throws {
    func failing(_ change: (inout PRMConfiguration) -> Void) -> Bool {
      var configuration = PRMConfiguration()
      change(&configuration)
      do {
        _ = try PRM(configuration)
        return false
      } catch { return true }
    }
    #expect(!failing { $0.width = 12 })
    #expect(failing { $0.heads = 5 })
    #expect(failing { $0.heads = 0 })
    #expect(failing { $0.blocks = 0 })
    #expect(failing { $0.positions = 0 })
    #expect(failing { $0.dropout = 1 })
    #expect(failing { $0.dropout = .nan })
    #expect(failing { $0.visualInputs = -1 })
    #expect(failing { $0.categories = ["a", "a"] })
    let data = try JSONEncoder().encode(SlateSpecification.prm(PRMConfiguration()))
    #expect(try JSONDecoder().decode(SlateSpecification.self, from: data) == .prm(.init()))
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode(SlateSpecification.self, from: Data(#"{"kind": "lstm"}"#.utf8))
    }
  }

  @Test(.enabled(if: isDoublePrecision, "needs the double-precision build"))
  func transformerGradientsAgreeWithCentralDifferences() throws {
    var fixtures = SlateFixtures(seed: 97)
    let visuals = fixtures.table()
    let model = try model(&fixtures, visuals)
    let lists = [5, 2, 7].map { fixtures.list(count: $0, visuals: visuals, clicked: 0.6) }
    let batch = try SlateBatch(lists, model.features)
    let mismatch = checkGradients(of: model, samples: 300) { model.loss(batch, $0) }
    #expect(mismatch.relativeError < 1e-5, "\(mismatch)")
    let attention = checkGradients(
      of: { selfAttention(projected: $0[0], counts: [3, 0, 5], heads: 2) },
      at: [Tensor(normal: 0.8, shape: [15, 24], random: &fixtures.random)])
    #expect(attention.relativeError < 1e-5, "\(attention)")
  }

  @Test func aSmallWorldIsLearnt() throws {
    var fixtures = SlateFixtures(seed: 98)
    // Clicks go to dramas, wherever they stand, unless there is a comedy.
    func list(_ number: Int) throws -> SlateList {
      let list = fixtures.list(count: 8, id: "\(number)")
      let categories = list.ids.indices.map { list.category($0) }
      let wanted = categories.contains("Comedy") ? "Comedy" : "Drama"
      return try SlateList(
        id: list.id, ids: list.ids, scores: list.scores, categories: categories,
        clicks: categories.map { $0 == wanted })
    }
    let (training, validation) = (try (0..<120).map(list), try (120..<180).map(list))
    var configuration = PRMConfiguration()
    configuration.categories = SlateFixtures.categories
    configuration.width = 16
    configuration.heads = 2
    configuration.blocks = 1
    configuration.feedForward = 32
    var plan = PRMTraining()
    plan.learningRate = 1e-2
    plan.batchSize = 20
    plan.seed = 3
    let (model, record) = try plan.train(configuration, on: training, validation: validation)
    #expect(try #require(record.best).score > 0.97)
    let again = try plan.train(configuration, on: training, validation: validation).model
    for (a, b) in zip(ParameterList(model).snapshot(), ParameterList(again).snapshot()) {
      #expect(a.scalars == b.scalars)
    }
    #expect(throws: SlateError.noClicks(lists: 0, part: "training")) {
      try plan.train(configuration, on: [], validation: validation)
    }
  }
}
