import NeuralNetworks
import RankingData
import Slates
import Tensors
import Testing

/// A logger that shows the worse kind first, and users who look at rank k with probability 1/k.
@Suite struct PropensityTrainingTests {
  /// Of those who look at it, 30 % click "shown", which is on top, and 90 % click "better", which
  /// is at rank 4: 0.3 against 0.225 clicks, the wrong way round.
  private func lists(_ count: Int, seed: UInt64) throws -> [SlateList] {
    var random = RandomStream(seed: seed)
    let categories = ["shown", "none", "none", "better", "none"]
    let appeal = ["shown": 0.3, "none": 0, "better": 0.9]
    return try (0..<count).map { number in
      let clicks = categories.enumerated().map { rank, category in
        let isSeen = Double(random.nextUniform()) < 1 / Double(rank + 1)
        return Double(random.nextUniform()) < (appeal[category] ?? 0) && isSeen
      }
      return try SlateList(
        id: "\(number)", ids: categories.indices.map { "\($0)" }, categories: categories,
        clicks: clicks)
    }
  }

  private func first(_ training: Seq2SlateTraining) throws -> String? {
    let (model, _) = try training.train(
      Seq2SlateConfiguration(categories: ["better", "none", "shown"], width: 8, cells: 8),
      on: try lists(800, seed: 91), validation: try lists(400, seed: 92))
    let list = try lists(1, seed: 93)[0]
    return list.category(try Seq2SlateDecoder(model).decode(list)[0])
  }

  private func training() -> Seq2SlateTraining {
    var training = Seq2SlateTraining()
    training.epochs = 6
    training.patience = 6
    training.steps = 2
    training.learningRate = 5e-3
    return training
  }

  @Test(arguments: Seq2SlateTraining.Loss.allCases)
  func weightsRecoverTheOrderThatNaiveTrainingMisses(_ loss: Seq2SlateTraining.Loss) throws {
    var training = training()
    training.loss = loss
    #expect(try first(training) == "shown")
    training.propensity = ClickPropensity()
    #expect(try first(training) == "better")
  }

  /// Rewards that are weighted lead away from the logger's order too.
  @Test func weightedRewardsLeadAway() throws {
    var training = training()
    training.epochs = 1
    training.learningRate = 1e-4
    var reinforce = Seq2SlateTraining.Reinforce()
    reinforce.epochs = 12
    reinforce.learningRate = 5e-3
    training.patience = 12
    training.reinforce = reinforce
    #expect(try first(training) == "shown")
    training.propensity = ClickPropensity()
    #expect(try first(training) == "better")
  }
}
