import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct RankerTrainingTests {
  /// Clicks that depend on the pair (user, item), which linear terms cannot express.
  private func matches(_ count: Int, seed: UInt64) -> RankingBatch {
    var random = RandomStream(seed: seed)
    let users = (0..<count).map { _ in Int32(random.next(below: 8)) }
    let items = (0..<count).map { _ in Int32(random.next(below: 8)) }
    let labels = zip(users, items).map { user, item -> Float in
      let likes = user % 2 == item % 2
      return random.nextUniform() < (likes ? 0.9 : 0.1) ? 1 : 0
    }
    return RankingBatch(count: count, categorical: [users, items], labels: labels)
  }

  private let input = RankerInput(
    layout: FeatureLayout(categorical: [.init(name: "user", rows: 8), .init(name: "item", rows: 8)])
  )

  @Test func interactionsBeatLinearTerms() throws {
    var plan = RankerTraining()
    plan.learningRate = 0.01
    plan.epochs = 6
    let (training, validation) = (matches(4000, seed: 1), matches(1000, seed: 2))
    var configuration = DeepFM.Configuration()
    configuration.width = 4
    configuration.hidden = [16]
    let deep = try DeepFM(configuration: configuration, input: input, seed: 1)
    let linear = try LogisticRegression(configuration: .init(), input: input, seed: 1)
    try plan.fit(deep, training: training, validation: validation)
    try plan.fit(linear, training: training, validation: validation)
    #expect(try RankerQuality(of: deep, on: validation).auc > 0.85)
    #expect(try RankerQuality(of: linear, on: validation).auc < 0.6)
  }

  @Test func theBestEpochIsKept() throws {
    var plan = RankerTraining()
    plan.learningRate = 0.3
    plan.epochs = 12
    plan.patience = 3
    plan.monitor = .logLoss
    let (training, validation) = (matches(300, seed: 1), matches(200, seed: 2))
    var configuration = DeepFM.Configuration()
    configuration.width = 4
    configuration.hidden = [16]
    let ranker = try DeepFM(configuration: configuration, input: input, seed: 1)
    var epochs: [RankerEpoch] = []
    let record = try plan.fit(
      ranker, training: training, validation: validation, report: { epochs.append($0) })
    let best = try #require(
      epochs.min { $0.validation.logLoss ?? .nan < $1.validation.logLoss ?? .nan })
    #expect(record.best?.epoch == best.epoch)
    #expect(epochs.count > best.epoch, "training went on past the best epoch")
    #expect(try RankerQuality(of: ranker, on: validation) == best.validation)
    #expect(epochs.allSatisfy { $0.rowsPerSecond > 0 })
  }

  @Test func everyRowIsSeenOnceAnEpoch() throws {
    // With one step per row and no shared weights, Adam moves each seen id by one learning rate.
    let rows = RankingBatch(
      count: 7, categorical: [[1, 2, 3, 4, 5, 6, 7], [0, 0, 0, 0, 0, 0, 0]],
      labels: [1, 0, 1, 0, 1, 0, 1])
    var plan = RankerTraining()
    plan.epochs = 1
    plan.batchSize = 3
    plan.optimizer = .adagrad
    let ranker = try LogisticRegression(configuration: .init(), input: input, seed: 1)
    try plan.fit(ranker, training: rows, validation: rows)
    let table = try #require(ParameterList(ranker).entries.first { $0.name == "firstOrder.table" })
    let weights = table.parameter.value.scalars
    // Adagrad's first step has the length of the learning rate whatever the gradient.
    for (id, sign) in zip(1...7, [1.0, -1, 1, -1, 1, -1, 1]) {
      #expect(abs(Double(weights[id]) - sign * plan.learningRate) < 1e-6)
    }
    #expect(weights[0] == 0)
  }

  @Test func aStoppedTrainingGoesOnWhereItWas() throws {
    let (training, validation) = (matches(200, seed: 1), matches(100, seed: 2))
    var configuration = DeepFM.Configuration()
    configuration.width = 4
    configuration.hidden = [8]
    configuration.dropout = 0.2
    let file = FileManager.default.temporaryDirectory.appending(
      path: "training-\(UUID().uuidString).safetensors"
    ).path
    defer { try? FileManager.default.removeItem(atPath: file) }
    func train(epochs: Int, _ checkpoint: Checkpoint?) throws -> [Float] {
      var plan = RankerTraining()
      plan.epochs = epochs
      plan.patience = 10
      plan.batchSize = 64
      let ranker = try DeepFM(configuration: configuration, input: input, seed: 1)
      try plan.fit(ranker, training: training, validation: validation, checkpoint: checkpoint)
      return ranker.scores(of: validation)
    }
    let straight = try train(epochs: 5, nil)
    let stopped = try train(epochs: 2, Checkpoint(path: file, resume: false))
    let resumed = try train(epochs: 5, Checkpoint(path: file, resume: true))
    #expect(resumed == straight)
    #expect(stopped != straight)
  }

  @Test func aSelectionIsASourceOfItsRows() {
    let rows = matches(20, seed: 1)
    let selection = RowSelection([5, 3, 19], of: rows)
    #expect(selection.count == 3)
    #expect(selection.batch([2, 0]) == rows.batch([19, 5]))
  }

  @Test func emptySetsAreRefused() throws {
    let ranker = try LogisticRegression(configuration: .init(), input: input, seed: 1)
    let rows = matches(4, seed: 1)
    let none = rows.batch([])
    #expect(throws: RankerError.noRows("training")) {
      try RankerTraining().fit(ranker, training: none, validation: rows)
    }
    #expect(throws: RankerError.noRows("validation")) {
      try RankerTraining().fit(ranker, training: rows, validation: none)
    }
  }

  @Test func aWrongNameIsAnsweredWithTheRightOnes() {
    #expect(
      throws: RankerError.unknownChoice(
        key: "keep", value: "latest", known: KeptEpoch.allCases.map(\.rawValue))
    ) {
      try JSONDecoder().decode(RankerTraining.self, from: Data(#"{"keep": "latest"}"#.utf8))
    }
  }

  @Test func plansAreReadFromAnySubsetOfKeys() throws {
    let json = #"{"batch_size": 64, "monitor": "log_loss", "optimizer": "adagrad"}"#
    let plan = try JSONDecoder().decode(RankerTraining.self, from: Data(json.utf8))
    #expect(plan.batchSize == 64 && plan.monitor == .logLoss && plan.optimizer == .adagrad)
    #expect(plan.epochs == RankerTraining().epochs)
    let again = try JSONDecoder().decode(
      RankerTraining.self, from: JSONEncoder().encode(plan))
    #expect(again == plan)
    for wrong in [#"{"epoch": 3}"#, #"{"batch_size": 0}"#, #"{"learning_rate": -1}"#] {
      #expect(throws: RankerError.self) {
        try JSONDecoder().decode(RankerTraining.self, from: Data(wrong.utf8))
      }
    }
  }

  @Test func qualityOfGivenLogits() throws {
    let perfect = try RankerQuality(logits: [-1, 0, 1], labels: [0, 0, 1])
    #expect(perfect.auc == 1)
    let tied = try RankerQuality(logits: [0, 0, 1, 1], labels: [0, 1, 0, 1])
    #expect(tied.auc == 0.5)
    let expected: Double = (2 * 0.693147 + 1.313262 + 0.313262) / 4
    #expect(abs(try #require(tied.logLoss) - expected) < 1e-6)
    #expect(try RankerQuality(logits: [1, 2], labels: [1, 1]).auc == 0.5)
    #expect(throws: (any Error).self) { try RankerQuality(logits: [.nan, 1], labels: [1, 0]) }
  }
}
