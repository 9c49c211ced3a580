import Foundation
import NeuralNetworks
import RankingData
import Slates
import Tensors
import Testing

@Suite struct Seq2SlateTrainingTests {
  /// 32 lists of different lengths with arbitrary clicks can be learnt by heart.
  @Test func overfitsThirtyTwoLists() throws {
    var fixtures = SlateFixtures(seed: 31)
    let visuals = fixtures.table(count: 200, width: 6)
    let lists = (0..<32).map { fixtures.list(count: 4 + $0 % 9, visuals: visuals, id: "\($0)") }
    var training = Seq2SlateTraining()
    training.epochs = 150
    training.patience = 150
    training.learningRate = 1e-2
    training.batchSize = 32
    let (model, record) = try training.train(
      Seq2SlateConfiguration(
        categories: SlateFixtures.categories, visualInputs: 6, visualWidth: 8, width: 16,
        cells: 32),
      on: lists, validation: lists)
    #expect(try #require(record.best).score > 0.999)
    let clicked = lists.filter { $0.clicks?.contains(true) ?? false }
    let decoder = Seq2SlateDecoder(model)
    for list in clicked {
      #expect(clickNDCG(list, order: try decoder.decode(list), at: 10) > 0.99)
    }
    let first = try #require(record.epochs.first)
    #expect(try #require(record.epochs.last).loss < first.loss)
  }

  @Test func sameSeedSameModel() throws {
    var fixtures = SlateFixtures(seed: 32)
    let lists = (0..<24).map { fixtures.list(count: 3 + $0 % 5, clicked: 0.5) }
    var training = Seq2SlateTraining()
    training.epochs = 3
    training.batchSize = 8
    training.seed = 5
    let configuration = Seq2SlateConfiguration(width: 8, cells: 12)
    func weights() throws -> [[Scalar]] {
      let (model, _) = try training.train(configuration, on: lists, validation: lists)
      return ParameterList(model).entries.map(\.parameter.value.scalars)
    }
    let first = try weights()
    #expect(try weights() == first)
    training.seed = 6
    #expect(try weights() != first)
  }

  /// A candidate is clicked if it is the first of its kind, which only the candidates above it
  /// tell: no pointwise ranker can learn this.
  @Test func learnsThatRepetitionsAreNotClicked() throws {
    var random = RandomStream(seed: 33)
    func lists(_ count: Int) throws -> [SlateList] {
      try (0..<count).map { number in
        // Two categories are liked, each twice in the list; only its first is clicked.
        let categories = ["a", "b", "a", "b", "x", "x"].shuffled(using: &random)
        var seen: Set<String> = []
        let clicks = categories.map { $0 != "x" && seen.insert($0).inserted }
        return try SlateList(
          id: "\(number)", ids: categories.indices.map { "\($0)" }, categories: categories,
          clicks: clicks)
      }
    }
    var training = Seq2SlateTraining()
    training.epochs = 40
    training.patience = 40
    training.learningRate = 5e-3
    training.batchSize = 16
    training.steps = 6
    let (model, _) = try training.train(
      Seq2SlateConfiguration(categories: ["a", "b", "x"], width: 16, cells: 24),
      on: try lists(256), validation: try lists(64))
    let decoder = Seq2SlateDecoder(model)
    let test = try lists(100)
    let right = try test.count { list in
      let order = try decoder.decode(list, top: 2)
      return order.allSatisfy { list.clicks?[$0] == true }
    }
    #expect(right >= 95)
  }

  @Test func weightsSurviveARoundTripBitForBit() throws {
    var fixtures = SlateFixtures(seed: 34)
    let visuals = fixtures.table()
    let model = fixtures.model(visuals: visuals)
    let data = try JSONEncoder().encode(model.configuration)
    let configuration = try JSONDecoder().decode(Seq2SlateConfiguration.self, from: data)
    #expect(configuration == model.configuration)
    let copy = try Seq2Slate(configuration, seed: 99)
    let file = FileManager.default.temporaryDirectory
      .appending(path: "slates-\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    try ParameterList(model).save(to: file)
    try ParameterList(copy).load(from: file)
    for count in [2, 9, 30] {
      let list = fixtures.list(count: count, visuals: visuals)
      let order = try Seq2SlateDecoder(model).decode(list)
      #expect(try Seq2SlateDecoder(copy).decode(list) == order)
      #expect(
        copy.probabilities(list, order: order) == model.probabilities(list, order: order))
    }
  }

  @Test func missingFieldsTakeTheirDefaults() throws {
    let decoder = JSONDecoder()
    #expect(try decoder.decode(Seq2SlateTraining.self, from: Data("{}".utf8)) == .init())
    #expect(try decoder.decode(Seq2SlateConfiguration.self, from: Data("{}".utf8)) == .init())
    let some = try decoder.decode(
      Seq2SlateTraining.self,
      from: Data(#"{"epochs": 3, "criterion": "loss", "learning_rate": 0.5}"#.utf8))
    #expect(some.epochs == 3 && some.criterion == .loss && some.learningRate == 0.5)
  }

  @Test func theModelsShareRisesLinearly() {
    var training = Seq2SlateTraining()
    training.epochs = 8
    #expect((1...8).map { training.modelShare(epoch: $0) } == [0, 0.25, 0.5, 0.75, 1, 1, 1, 1])
    training.annealing = 0
    #expect(training.modelShare(epoch: 1) == 1)
    training.modelShare = 0
    #expect(training.modelShare(epoch: 8) == 0)
  }

  @Test func uselessDataAndSettingsAreErrors() throws {
    var fixtures = SlateFixtures(seed: 35)
    let clicked = [fixtures.list(count: 6, clicked: 1)]
    let silent = [fixtures.list(count: 6, clicked: 0)]
    let training = Seq2SlateTraining()
    let configuration = Seq2SlateConfiguration(width: 4, cells: 4)
    #expect(throws: SlateError.noClicks(lists: 1, part: "training")) {
      try training.train(configuration, on: silent, validation: clicked)
    }
    #expect(throws: SlateError.noClicks(lists: 1, part: "validation")) {
      try training.train(configuration, on: clicked, validation: silent)
    }
    var broken = training
    broken.learningRate = .nan
    #expect(throws: SlateError.self) { try broken.validate() }
    broken = training
    broken.batchSize = 0
    #expect(throws: SlateError.self) { try broken.validate() }
  }

  @Test func earlyStoppingCanWatchTheLoss() throws {
    var fixtures = SlateFixtures(seed: 36)
    let lists = (0..<16).map { fixtures.list(count: 5, clicked: 0.5, id: "\($0)") }
    var training = Seq2SlateTraining()
    training.criterion = .loss
    training.epochs = 4
    var seen: [Int] = []
    let (_, record) = try training.train(
      Seq2SlateConfiguration(width: 4, cells: 4), on: lists, validation: lists
    ) { seen.append($0.epoch) }
    #expect(seen == Array(1...record.epochs.count))
    #expect(record.epochs.allSatisfy { $0.score < 0 })
  }

  @Test func ndcgOfClicks() throws {
    let list = try SlateList(
      id: "r", ids: ["a", "b", "c"], scores: [3, 2, 1], clicks: [true, false, true])
    #expect(abs(clickNDCG(list, order: [0, 2, 1], at: 10) - 1) < 1e-12)
    // 1 + 1 / log2(4) of 1 + 1 / log2(3)
    #expect(abs(clickNDCG(list, order: [0, 1, 2], at: 10) - 1.5 / 1.6309297535714575) < 1e-12)
    #expect(clickNDCG(list, order: [1], at: 1) == 0)
  }
}
