import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct RankerScheduleTests {
  private func plan(_ json: String) throws -> RankerTraining {
    try JSONDecoder().decode(RankerTraining.self, from: Data(json.utf8))
  }

  private let rows = RankingBatch(
    count: 40, categorical: [(0..<40).map { Int32($0 % 8) }],
    labels: (0..<40).map { Float($0 % 2) })

  private var ranker: DenseNetwork {
    get throws {
      var configuration = DenseNetwork.Configuration()
      (configuration.width, configuration.hidden) = (4, [8])
      return try DenseNetwork(
        configuration: configuration,
        input: RankerInput(layout: FeatureLayout(categorical: [.init(name: "user", rows: 8)])),
        seed: 1)
    }
  }

  /// Four steps an epoch.
  @Test(arguments: [
    (#""cosine""#, [0.691342, 0.038060]), (#"{"kind": "step", "step_epochs": 1}"#, [1, 0.1]),
    (#"{"kind": "milestones", "milestones": [1], "step_factor": 0.5}"#, [1, 0.5]),
    (#"{"kind": "constant", "warmup_epochs": 2}"#, [0.5, 1]),
  ])
  func schedulesCountEpochs(_ schedule: String, _ shares: [Double]) throws {
    var plan = try plan(
      #"{"epochs": 2, "batch_size": 10, "patience": 9, "schedule": \#(schedule)}"#)
    plan.learningRate = 0.01
    let record = try plan.fit(try ranker, training: rows, validation: rows)
    // The rate of an epoch's last step: steps 3 and 7 of 8, counted from 0.
    let last = record.epochs.compactMap(\.learningRate).map { $0 / 0.01 }
    for (found, share) in zip(last, shares) { #expect(abs(found - share) < 1e-5) }
  }

  @Test func aMethodBringsItsUsualRate() throws {
    #expect(try plan(#"{"optimizer": "ftrl"}"#).learningRate == 0.1)
    let decayed = try plan(#"{"optimizer": "adamw"}"#)
    #expect(decayed.learningRate == 0.001 && decayed.weightDecay == 0.01)
    #expect(try plan(#"{"optimizer": "sgd", "learning_rate": 0.5}"#).learningRate == 0.5)
  }

  @Test(arguments: [
    #"{"weight_decay": 0.1}"#, #"{"momentum": 0.5}"#, #"{"schedule": "cosin"}"#,
    #"{"schedule": {"kind": "cosine", "step_factor": 0.5}}"#,
    #"{"schedule": {"kind": "milestones"}}"#, #"{"scene_weights": "equal"}"#,
    #"{"monitor": "aucs"}"#, #"{"optimizer": "adam", "ftrl": {"l1": 1}}"#,
  ])
  func whatNothingWouldReadIsRefused(_ json: String) {
    #expect(throws: (any Error).self) { try plan(json) }
  }

  @Test func decayIsForLayersAlone() throws {
    let names = ParameterList(try ranker).entries.filter(RankerTraining.isDecayed).map(\.name)
    #expect(
      !names.isEmpty && names.allSatisfy { $0.hasPrefix("network") && $0.hasSuffix("weight") })
  }

  @Test(arguments: ["adam", "adamw", "adagrad", "ftrl", "sgd"])
  func everyMethodLearns(_ method: String) throws {
    var plan = try plan(
      #"{"epochs": 30, "patience": 30, "batch_size": 10, "optimizer": "\#(method)"}"#)
    plan.learningRate *= 10
    let ranker = try ranker
    let before = try RankerQuality(of: ranker, on: rows).logLoss ?? .nan
    try plan.fit(ranker, training: rows, validation: rows)
    #expect(try RankerQuality(of: ranker, on: rows).logLoss ?? .nan < before)
  }

  @Test func aBrokenNumberIsNamed() throws {
    let input = RankerInput(
      layout: FeatureLayout(categorical: [.init(name: "user", rows: 8)], numeric: ["price"]))
    var rows = rows
    rows.numericWidth = 1
    rows.numeric = (0..<40).map { $0 == 13 ? .infinity : Float($0) }
    let linear = try LogisticRegression(configuration: .init(), input: input, seed: 1)
    var plan = RankerTraining()
    plan.batchSize = 10
    let error = #expect(throws: (any Error).self) {
      try plan.fit(linear, training: rows, validation: self.rows)
    }
    let text = "\(try #require(error))"
    #expect(
      text.contains("row 13 has the number inf") && text.contains("epoch 1, batch"), "\(text)")
  }

  @Test(arguments: ["gauc", "mrr", "pr_auc", "ndcg@5", "log_loss", "auc"])
  func everyMonitorWatches(_ name: String) throws {
    var rows = rows
    rows.groups = (0..<40).map { Int32($0 / 10) }
    rows.requests = rows.groups
    let plan = try plan(#"{"epochs": 3, "monitor": "\#(name)"}"#)
    let ranker = try ranker
    let record = try plan.fit(ranker, training: rows, validation: rows)
    let quality = try RankerQuality(of: ranker, on: rows, plan: plan)
    #expect(record.best?.score == quality.score(by: plan.monitor))
    #expect(record.epochs.allSatisfy { $0.score.isFinite })
  }

  @Test func usersOfOneKindGiveNoGAUC() throws {
    var rows = rows
    rows.groups = rows.labels.map { Int32($0) }
    let plan = try plan(#"{"monitor": "gauc"}"#)
    let error = #expect(throws: RankerError.self) {
      try plan.fit(try ranker, training: rows, validation: rows)
    }
    #expect(error.map { "\($0)" }?.contains("no user of the validation set") == true)
  }

  @Test func stepsAreTold() throws {
    let plan = try plan(#"{"epochs": 2, "batch_size": 16, "patience": 5}"#)
    var steps: [RankerProgress] = []
    try plan.fit(try ranker, training: rows, validation: rows, progress: { steps.append($0) })
    #expect(steps.map(\.step) == [1, 2, 3, 1, 2, 3] && steps.map(\.epoch) == [1, 1, 1, 2, 2, 2])
    #expect(steps.allSatisfy { $0.steps == 3 && $0.rowsPerSecond > 0 && $0.loss.isFinite })
    #expect(steps.last?.secondsRemaining == 0)
  }
}
