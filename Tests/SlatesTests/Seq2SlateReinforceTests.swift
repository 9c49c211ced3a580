import Foundation
import NeuralNetworks
import RankingData
import Slates
import Tensors
import Testing

@Suite struct Seq2SlateReinforceTests {
  /// Of six candidates, those of two liked kinds are clicked; if `once`, the first of each alone.
  private func lists(_ count: Int, seed: UInt64, once: Bool = true) throws -> [SlateList] {
    var random = RandomStream(seed: seed)
    return try (0..<count).map { number in
      let categories = ["a", "b", "a", "b", "x", "x"].shuffled(using: &random)
      var seen: Set<String> = []
      return try SlateList(
        id: "\(number)", ids: categories.indices.map { "\($0)" }, categories: categories,
        clicks: categories.map { $0 != "x" && (seen.insert($0).inserted || !once) })
    }
  }

  private let configuration = Seq2SlateConfiguration(
    categories: ["a", "b", "x"], width: 12, cells: 16)

  private func training() -> Seq2SlateTraining {
    var training = Seq2SlateTraining()
    training.epochs = 4
    training.patience = 20
    training.learningRate = 5e-3
    training.batchSize = 32
    training.steps = 6
    return training
  }

  /// From a supervised model that was stopped early, rewards alone lead on, whatever they are
  /// compared with.
  @Test(arguments: Seq2SlateTraining.Reinforce.Baseline.allCases)
  func rewardsImproveAWarmStart(_ baseline: Seq2SlateTraining.Reinforce.Baseline) throws {
    let (train, valid) = (try lists(256, seed: 81), try lists(128, seed: 82))
    var training = training()
    training.epochs = 1
    training.learningRate = 2e-3
    let warm = try training.train(configuration, on: train, validation: valid)
    var reinforce = Seq2SlateTraining.Reinforce()
    reinforce.epochs = 12
    reinforce.learningRate = 5e-3
    reinforce.criticLearningRate = 1e-2
    reinforce.baseline = baseline
    training.reinforce = reinforce
    var reported: [Int] = []
    let (model, record) = try training.train(configuration, on: train, validation: valid) {
      reported.append($0.epoch)
    }
    let before = try #require(warm.record.best).score
    let best = try #require(record.best)
    #expect(before < 0.93 && best.score > before + 0.04, "\(before) to \(best.score)")
    // Both stages in one record, counted on, and the supervised one as it is on its own.
    #expect(reported == Array(1...13) && record.epochs.map(\.epoch) == reported)
    #expect(Array(record.epochs.prefix(1)) == warm.record.epochs)
    #expect(record.epochs.contains(best) && best.epoch > 1)
    // The loss of the second stage is the mean reward, negated: it falls.
    let losses = record.epochs.dropFirst().map(\.loss)
    #expect(losses.allSatisfy { $0 < 0 && $0 >= -1 } && losses[11] < losses[0] - 0.1)
    // On lists that nothing was chosen by.
    let test = try lists(200, seed: 83)
    func ndcg(_ model: Seq2Slate) throws -> Double {
      let decoder = Seq2SlateDecoder(model)
      return try test.reduce(0) { $0 + clickNDCG($1, order: try decoder.decode($1), at: 10) } / 200
    }
    #expect(try ndcg(model) > ndcg(warm.model) + 0.03)
  }

  /// A stage that only does harm leaves the warm start.
  @Test func theModelIsNeverWorseThanTheWarmStart() throws {
    let train = try lists(96, seed: 84, once: false)
    let valid = try lists(64, seed: 85, once: false)
    var training = training()
    training.epochs = 6
    let warm = try training.train(configuration, on: train, validation: valid)
    #expect(try #require(warm.record.best).score == 1, "a better epoch is still possible")
    training.reinforce = Seq2SlateTraining.Reinforce()
    training.reinforce?.epochs = 2
    training.reinforce?.learningRate = 0.1
    // Nothing but the even distribution counts.
    training.reinforce?.entropy = 100
    let (model, record) = try training.train(configuration, on: train, validation: valid)
    #expect(record.epochs.count == 8 && record.best == warm.record.best)
    #expect(record.epochs[6].score < 1 && record.epochs[7].score < 1)
    #expect(weights(of: model) == weights(of: warm.model))
  }

  private func weights(of model: Seq2Slate) -> [[Scalar]] {
    ParameterList(model).entries.map(\.parameter.value.scalars)
  }

  /// Wherever it was interrupted, in either stage.
  @Test(arguments: Seq2SlateTraining.Reinforce.Baseline.allCases)
  func aResumedTrainingHasTheSameBits(_ baseline: Seq2SlateTraining.Reinforce.Baseline) throws {
    let (train, valid) = (try lists(80, seed: 86), try lists(40, seed: 87))
    var training = training()
    training.epochs = 2
    training.prefix = .samples
    var reinforce = Seq2SlateTraining.Reinforce()
    reinforce.epochs = 3
    reinforce.learningRate = 2e-3
    reinforce.baseline = baseline
    training.reinforce = reinforce
    let files = FileManager.default
    let folder = files.temporaryDirectory.appending(path: "reinforce-\(UUID().uuidString)").path
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: folder) }

    let (whole, record) = try training.train(
      configuration, on: train, validation: valid,
      checkpoint: Checkpoint(path: "\(folder)/run", resume: false)
    ) { epoch in
      // What an interruption after this epoch would leave.
      for name in (try? files.contentsOfDirectory(atPath: folder)) ?? []
      where name == "run" || name.hasPrefix("run.") {
        try? files.copyItem(
          atPath: "\(folder)/\(name)", toPath: "\(folder)/after-\(epoch.epoch)\(name.dropFirst(3))")
      }
    }
    #expect(record.epochs.count == 5)
    let left = try files.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("run") }
    #expect(left == ["run"], "the second stage's file is gone with the stage")
    for epoch in 1...5 {
      var reported: [Int] = []
      let resumed = try training.train(
        configuration, on: train, validation: valid,
        checkpoint: Checkpoint(path: "\(folder)/after-\(epoch)", resume: true)
      ) { reported.append($0.epoch) }
      #expect(reported == Array(epoch + 1..<6))
      #expect(resumed.record == record)
      #expect(weights(of: resumed.model) == weights(of: whole))
    }
  }

  /// What another training left in the second stage's file must not stop one that starts anew.
  @Test func aFreshStartForgetsALeftSecondStage() throws {
    let (train, valid) = (try lists(40, seed: 88), try lists(20, seed: 89))
    var training = training()
    training.epochs = 1
    training.reinforce = Seq2SlateTraining.Reinforce()
    training.reinforce?.epochs = 1
    let path = FileManager.default.temporaryDirectory.appending(path: "left-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("not a checkpoint".utf8).write(to: URL(filePath: path + ".reinforce"))
    #expect(throws: (any Error).self) {
      try training.train(
        configuration, on: train, validation: valid,
        checkpoint: Checkpoint(path: path, resume: true))
    }
    let (_, record) = try training.train(
      configuration, on: train, validation: valid,
      checkpoint: Checkpoint(path: path, resume: false))
    #expect(record.epochs.count == 2)
  }

  @Test func theEntropyBonusFallsLinearly() {
    var reinforce = Seq2SlateTraining.Reinforce()
    reinforce.epochs = 4
    reinforce.entropy = 0.2
    let weights = (1...4).map { reinforce.entropy(epoch: $0) }
    #expect(zip(weights, [0.2, 0.15, 0.1, 0.05]).allSatisfy { abs($0 - $1) < 1e-12 })
  }
}
