import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import TestSupport
import Testing

@Suite struct DINTests {
  private static func small(_ change: (inout DIN.Configuration) -> Void = { _ in })
    -> DIN.Configuration
  {
    var configuration = DIN.Configuration()
    configuration.width = 4
    configuration.attentionHidden = [12, 6]
    configuration.hidden = [16, 8]
    configuration.embeddingScale = 0.3
    change(&configuration)
    return configuration
  }

  private func make(_ world: RankerWorld, _ change: (inout DIN.Configuration) -> Void = { _ in })
    throws -> DIN
  {
    try #require(try world.makeRanker(RankerSpecification(Self.small(change))) as? DIN)
  }

  static let variants: [DIN.Configuration] = [
    small(),
    small {
      $0.normalize = .softmax
      $0.attentionActivation = .dice
      $0.activation = .prelu
      $0.normalization = .batch
      $0.itemBias = false
    },
    small {
      $0.attentionActivation = .tanh
      $0.activation = .relu
      $0.normalization = .layer
      $0.dropout = 0.05
      $0.regularization = .init()
      $0.regularization?.lambda = 1e-6
    },
  ]

  @Test(arguments: variants.indices) func conforms(index: Int) throws {
    try RankerConformance(specification: RankerSpecification(Self.variants[index])).check()
  }

  /// P3, in the double-precision build. Batch statistics of single pairs are steep: none here.
  @Test(.enabled(if: isDoublePrecision), arguments: AttentionNormalization.allCases)
  func gradients(normalization: AttentionNormalization) throws {
    var world = RankerWorld()
    let ranker = try make(world) {
      $0.normalize = normalization
      $0.regularization = .init()
    }
    let batch = world.batch(10)
    let mismatch = checkGradients(of: ranker) { ranker.loss(batch, $0) }
    #expect(mismatch.relativeError < 1e-5, "\(mismatch)")
    #expect(mismatch.compared >= 20)
  }

  @Test func defaultsAreTheAuthors() {
    let usual = DIN.Configuration()
    #expect(usual.attentionHidden == [80, 40] && usual.hidden == [80, 40])
    #expect(usual.attentionActivation == .sigmoid && usual.activation == .dice)
    #expect(usual.normalize == .none && usual.itemBias && usual.regularization == nil)
  }

  @Test func configurationsAreReadFromFiles() throws {
    let written = """
      {"kind": "din", "width": 8, "normalize": "softmax", "attention_hidden": [10],
       "regularization": {}}
      """
    let read = try JSONDecoder().decode(RankerSpecification.self, from: Data(written.utf8))
    var expected = DIN.Configuration()
    expected.width = 8
    expected.normalize = .softmax
    expected.attentionHidden = [10]
    expected.regularization = .init()
    #expect(read == RankerSpecification(expected))
    #expect(expected.regularization?.lambda == 0.01)
    let again = try JSONDecoder().decode(
      RankerSpecification.self, from: JSONEncoder().encode(read))
    #expect(again == read)
    #expect(throws: RankerError.self) {
      let misspelt = #"{"kind": "din", "regularization": {"lamda": 1}}"#
      _ = try JSONDecoder().decode(RankerSpecification.self, from: Data(misspelt.utf8))
    }
  }

  @Test func aSchemaWithoutHistoryIsRefused() {
    var world = RankerWorld()
    world.layout.historyBag = nil
    world.layout.historyAttributes = []
    world.layout.agedBags = []
    #expect(throws: RankerError.self) {
      try DIN(configuration: .init(), input: world.input, seed: 1)
    }
  }

  /// The candidate decides which event counts: two candidates weigh one history differently.
  @Test func theHistoryIsReadByTheCandidate() throws {
    let world = RankerWorld()
    let model = try make(world)
    var batch = RankingBatch(
      count: 2, categorical: [[3, 9], [1, 1], [1, 1], [2, 5]],
      bags: [Bag([[3, 9, 4], [3, 9, 4]]), Bag([[], []]), Bag([[2, 5, 1], [2, 5, 1]])],
      numeric: [0, 0, 0, 0], numericWidth: 2)
    batch.bagAges = [[30, 20, 10, 30, 20, 10], [], []]
    let read = model.fields(batch, .inference())
    #expect(read.lists.count == 1)
    let weights = model.attention(
      target: read.target, events: read.events, lists: read.lists, .inference()
    ).weights.scalars
    #expect(weights.count == 6)
    #expect(maximumDifference(weights[..<3], weights[3...]) > 1e-3)
  }

  /// An empty history and a single training row, with Dice and a batch normalisation.
  @Test func aSingleRowTrains() throws {
    var world = RankerWorld()
    let model = try make(world) { $0.normalization = .batch }
    let batch = world.batch(8)
    let lengths = (0..<8).map { batch.bags[0][$0].count }
    let rows = [
      lengths.firstIndex(of: 0), lengths.firstIndex(of: 1), lengths.firstIndex { $0 > 1 },
    ]
    for row in rows.compactMap({ $0 }) {
      let single = batch.batch([Int32(row)])
      let pass = Pass.training(seed: 1)
      let loss = model.loss(single, pass)
      let gradients = pass.gradients(of: loss)
      #expect(loss.item().isFinite && gradients.norm(of: parameters(of: model)).isFinite)
      pass.applyObservations()
      #expect(allFinite(model.scores(of: single)))
    }
  }

  /// The golden values of the activation: batch statistics of 1, 2, 3, 4 and α = 0.1.
  @Test func diceByHand() {
    let dice = Dice(units: 1)
    dice.alpha.value = Tensor([0.1])
    let output = dice(Tensor([1, 2, 3, 4], shape: [4, 1]), .training(seed: 1))
    let expected = [0.286516, 0.902042, 1.946937, 3.253935]
    #expect(maximumDifference(output.scalars, expected) < 2e-6)
  }
}
