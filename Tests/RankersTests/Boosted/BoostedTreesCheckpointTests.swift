import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct BoostedTreesCheckpointTests {
  private static func configuration(
    rounds: Int, _ objective: BoostedTrees.Objective = .logistic,
    _ method: BoostedTrees.TreeMethod = .histogram
  ) -> BoostedTrees.Configuration {
    BoostedWorld.configuration {
      $0.objective = objective
      $0.treeMethod = method
      if method == .exact { $0.categorical = .codes }
      $0.rounds = rounds
      $0.earlyStopping = 0
      $0.subsample = 0.8
      $0.colsampleByTree = 0.6
    }
  }

  private func fit(
    rounds: Int, _ checkpoint: Checkpoint?, _ objective: BoostedTrees.Objective = .logistic,
    _ method: BoostedTrees.TreeMethod = .histogram
  ) throws -> (json: [UInt8], record: TrainingRecord, reported: Int) {
    var world = BoostedWorld()
    let grades = objective != .logistic
    let (training, validation) = (
      world.batch(2000, grades: grades), world.batch(300, grades: grades)
    )
    var ranker = try BoostedTrees(
      configuration: Self.configuration(rounds: rounds, objective, method), input: world.input,
      seed: 1)
    var reported = 0
    let record = try ranker.fit(
      training: training, validation: validation, plan: RankerTraining(), checkpoint: checkpoint,
      report: { _ in reported += 1 })
    return (try ModelFolder().json(of: ranker), record, reported)
  }

  @Test(arguments: [BoostedTrees.Objective.logistic, .lambdaMART, .ndcg])
  func aStoppedTrainingGoesOnToTheSameBits(_ objective: BoostedTrees.Objective) throws {
    let folder = try ModelFolder()
    let path = "\(folder.path)/checkpoint"
    let whole = try fit(rounds: 40, nil, objective)
    _ = try fit(rounds: 17, Checkpoint(path: path, resume: false), objective)
    let resumed = try fit(rounds: 40, Checkpoint(path: path, resume: true), objective)
    #expect(resumed.reported == 23)
    #expect(resumed.json == whole.json)
    #expect(resumed.record.epochs == whole.record.epochs)
  }

  @Test func aCancelledTrainingKeepsItsRounds() async throws {
    let folder = try ModelFolder()
    let path = "\(folder.path)/checkpoint"
    let whole = try fit(rounds: 30, nil)
    let stopped = Task { () throws -> Void in
      var world = BoostedWorld()
      let (training, validation) = (world.batch(2000), world.batch(300))
      var ranker = try BoostedTrees(
        configuration: Self.configuration(rounds: 30), input: world.input, seed: 1)
      try ranker.fit(
        training: training, validation: validation, plan: RankerTraining(),
        checkpoint: Checkpoint(path: path, resume: false),
        report: { if $0.epoch == 13 { withUnsafeCurrentTask { $0?.cancel() } } })
    }
    await #expect(throws: CancellationError.self) { try await stopped.value }
    let resumed = try fit(rounds: 30, Checkpoint(path: path, resume: true))
    #expect(resumed.reported == 17)
    #expect(resumed.json == whole.json)
  }

  @Test(arguments: [BoostedTrees.TreeMethod.approximate, .exact])
  func otherMethodsGoOnToo(_ method: BoostedTrees.TreeMethod) throws {
    let folder = try ModelFolder()
    let path = "\(folder.path)/checkpoint"
    let whole = try fit(rounds: 20, nil, .logistic, method)
    _ = try fit(rounds: 9, Checkpoint(path: path, resume: false), .logistic, method)
    let resumed = try fit(rounds: 20, Checkpoint(path: path, resume: true), .logistic, method)
    #expect(resumed.json == whole.json)
  }

  @Test func damagedOrForeignCheckpointsAreRefused() throws {
    let folder = try ModelFolder()
    let path = "\(folder.path)/checkpoint"
    _ = try fit(rounds: 3, Checkpoint(path: path, resume: false, fingerprint: "a"))
    let bytes = try FileReading.bytes(of: path)
    #expect(throws: BoostingError.self) {
      try fit(rounds: 4, Checkpoint(path: path, resume: true, fingerprint: "b"))
    }
    for at in [0, 20, bytes.count / 2, bytes.count - 1] {
      var damaged = bytes
      damaged[at] ^= 4
      try Data(damaged).write(to: URL(fileURLWithPath: path))
      #expect(throws: BoostingError.self, "byte \(at)") {
        try fit(rounds: 4, Checkpoint(path: path, resume: true, fingerprint: "a"))
      }
    }
    try Data(bytes.prefix(bytes.count / 2)).write(to: URL(fileURLWithPath: path))
    #expect(throws: BoostingError.self) {
      try fit(rounds: 4, Checkpoint(path: path, resume: true, fingerprint: "a"))
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let same = try fit(rounds: 3, Checkpoint(path: path, resume: true, fingerprint: "a"))
    #expect(same.reported == 0, "there was nothing left to do")
  }
}
