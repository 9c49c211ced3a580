import Foundation
import NeuralNetworks
import RankingData
import Slates
import Tensors
import Testing

/// What `tools/reference/slate_variants.py` computed in PyTorch at double precision.
struct SlateVariantsGolden: Decodable {
  struct Configuration: Decodable {
    let categories, categoryWidth, visual, visualWidth, width, cells: Int
    let heads, blocks, feedForward, positions: Int
    let columns: [CandidateFeature]
  }
  struct List: Decodable {
    let scores: [Double]
    let categories: [Int]
    let visuals: [[Double]?]
    let clicks: [Int]
    let features: [[Double?]]
  }
  struct Novelty: Decodable {
    let parameters: [String: Seq2SlateGolden.Values]
    let orders: [[Int]]
    let loss: Double
    let logProbabilities: [[[Double?]]]
    let gradients: [String: Seq2SlateGolden.Values]
  }
  struct Transformer: Decodable {
    let parameters: [String: Seq2SlateGolden.Values]
    let scores: [Seq2SlateGolden.Values]
    let loss: Double
    let gradients: [String: Seq2SlateGolden.Values]
  }

  let configuration: Configuration
  let lists: [List]
  let novelty: Novelty
  let prm: Transformer

  static func load() throws -> SlateVariantsGolden {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appending(path: "Golden/slate_variants.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(SlateVariantsGolden.self, from: data)
  }

  /// The reference's lists.
  func slateLists() throws -> [SlateList] {
    try lists.enumerated().map { number, list in
      let seen = list.visuals.indices.filter { list.visuals[$0] != nil }
      let table = VisualTable(
        ids: seen.map { "i\($0)" }, width: configuration.visual,
        vectors: seen.flatMap { list.visuals[$0] ?? [] }.map { Float($0) })
      return try SlateList(
        id: "golden \(number)", ids: list.scores.indices.map { "i\($0)" }, scores: list.scores,
        categories: list.categories.map { $0 == 0 ? nil : "c\($0)" }, visuals: table,
        features: list.features.flatMap { $0 }.map { $0.map { Float($0) } ?? .nan },
        featureWidth: configuration.columns.count, clicks: list.clicks.map { $0 == 1 })
    }
  }
}

/// Against the reference, which computes list by list without padding.
@Suite struct SlateVariantsGoldenTests {
  let golden: SlateVariantsGolden
  let lists: [SlateList]

  init() throws {
    golden = try .load()
    lists = try golden.slateLists()
  }

  private var categories: [String] { (1...golden.configuration.categories).map { "c\($0)" } }

  /// Every name must be known to both.
  private func set(_ model: some Module, _ parameters: [String: Seq2SlateGolden.Values]) {
    let entries = ParameterList(model).entries
    #expect(Set(entries.map(\.name)) == Set(parameters.keys))
    for entry in entries {
      if let golden = parameters[entry.name] {
        entry.parameter.value = Tensor(
          golden.values.map { Scalar($0) }, shape: Shape(golden.shape))
      }
    }
  }

  private func compare(
    _ model: some Module, _ gradients: Gradients, _ golden: [String: Seq2SlateGolden.Values]
  ) throws {
    for entry in ParameterList(model).entries {
      let values = try #require(golden[entry.name]).values
      let difference = largestDifference(gradients.dense(entry.parameter).scalars, values)
      let scale = try #require(values.map(abs).max())
      // The bias of the output moves all scores alike, which a softmax does not see.
      if scale < 1e-12 {
        #expect(difference < 1e-6)
      } else {
        #expect(difference <= 2e-5 * scale, "\(entry.name): \(difference / scale)")
      }
    }
  }

  @Test func noveltyAgreesWithTheReference() throws {
    let shape = golden.configuration
    var configuration = Seq2SlateConfiguration(
      features: shape.columns, categories: categories, categoryWidth: shape.categoryWidth,
      visualInputs: shape.visual, visualWidth: shape.visualWidth, width: shape.width,
      cells: shape.cells)
    configuration.novelty = true
    let model = try Seq2Slate(configuration)
    set(model, golden.novelty.parameters)
    let decoder = Seq2SlateDecoder(model)
    for (b, list) in lists.enumerated() {
      let order = golden.novelty.orders[b]
      let rows = model.probabilities(list, order: order)
      var total = 0.0
      for (step, expected) in golden.novelty.logProbabilities[b].enumerated() {
        for (i, value) in expected.enumerated() {
          let own = Double(rows[step][i])
          if let value { #expect(abs(log(own) - value) < 2e-5) } else { #expect(own == 0) }
        }
        total += expected[order[step]] ?? 0
      }
      #expect(abs(try decoder.logProbability(of: order, list) - total) < 5e-5)
    }
    let pass = Pass.training(seed: 1)
    let batch = try SlateBatch(lists, model.features)
    let loss = Seq2SlateLoss(steps: 6)(model, batch, .fixed(golden.novelty.orders), pass)
    #expect(abs(Double(loss.item()) - golden.novelty.loss) < 1e-5)
    try compare(model, pass.gradients(of: loss), golden.novelty.gradients)
  }

  @Test func theTransformerAgreesWithTheReference() throws {
    let shape = golden.configuration
    var configuration = PRMConfiguration()
    configuration.features = shape.columns
    configuration.categories = categories
    configuration.categoryWidth = shape.categoryWidth
    configuration.visualInputs = shape.visual
    configuration.visualWidth = shape.visualWidth
    configuration.width = shape.width * shape.heads
    configuration.heads = shape.heads
    configuration.blocks = shape.blocks
    configuration.feedForward = shape.feedForward
    configuration.positions = shape.positions
    configuration.dropout = 0
    let model = try PRM(configuration)
    set(model, golden.prm.parameters)
    let batch = try SlateBatch(lists, model.features)
    let scores = model.scores(batch, .inference()).scalars
    let decoder = PRMDecoder(model)
    for (b, list) in lists.enumerated() {
      let own = Array(scores[b * batch.steps..<b * batch.steps + list.count])
      #expect(largestDifference(own, golden.prm.scores[b].values) < 2e-5)
      #expect(largestDifference(try decoder.scores(of: list), golden.prm.scores[b].values) < 2e-5)
    }
    let pass = Pass.training(seed: 1)
    let loss = model.loss(batch, pass)
    #expect(abs(Double(loss.item()) - golden.prm.loss) < 1e-5)
    try compare(model, pass.gradients(of: loss), golden.prm.gradients)
  }
}
