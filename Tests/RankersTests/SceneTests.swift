import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

/// Two scenes whose users want opposite things, or the same.
@Suite struct SceneTests {
  /// A tenth of the rows are of scene 2.
  private func rows(_ count: Int, opposite: Bool, seesScene: Bool, seed: UInt64) -> RankingBatch {
    var random = RandomStream(seed: seed)
    var (items, scenes, labels): ([Int32], [Int32], [Float]) = ([], [], [])
    for _ in 0..<count {
      let (item, isSmall) = (random.next(below: 20), random.nextUniform() < 0.1)
      let wanted = (item % 2 == 0) != (opposite && isSmall)
      items.append(Int32(item + 1))
      scenes.append(isSmall ? 2 : 1)
      labels.append(random.nextUniform() < (wanted ? 0.8 : 0.2) ? 1 : 0)
    }
    var batch = RankingBatch(
      count: count, categorical: seesScene ? [items, scenes] : [items], labels: labels)
    batch.groups = scenes
    return batch
  }

  /// AUC of each scene.
  private func areas(
    opposite: Bool, seesScene: Bool, _ weights: SceneWeights
  ) throws -> (large: Double, small: Double) {
    var fields = [FeatureLayout.Field(name: "item", rows: 21)]
    if seesScene { fields.append(.init(name: "scene", rows: 3)) }
    var configuration = DeepFM.Configuration()
    (configuration.width, configuration.hidden) = (4, [16])
    let ranker = try DeepFM(
      configuration: configuration, input: RankerInput(layout: FeatureLayout(categorical: fields)),
      seed: 1)
    let train = rows(6000, opposite: opposite, seesScene: seesScene, seed: 1)
    let test = rows(6000, opposite: opposite, seesScene: seesScene, seed: 2)
    var plan = RankerTraining()
    (plan.epochs, plan.learningRate) = (6, 0.01)
    try plan.fit(
      ranker, training: ReweightedRows(train, factors: weights.factors(of: train.groups)),
      validation: test)
    func area(_ scene: Int32) throws -> Double {
      let chosen = (0..<Int32(test.count)).filter { test.groups[Int($0)] == scene }
      return try RankerQuality(of: ranker, on: RowSelection(chosen, of: test)).auc
    }
    return (try area(1), try area(2))
  }

  @Test func oppositeScenesNeedToBeTold() throws {
    let pooled = try areas(opposite: true, seesScene: false, .share)
    #expect(pooled.large > 0.75 && pooled.small < 0.3, "\(pooled)")
    let told = try areas(opposite: true, seesScene: true, .root)
    #expect(told.large > 0.75 && told.small > 0.7, "\(told)")
  }

  @Test func equalScenesPayNothing() throws {
    let pooled = try areas(opposite: false, seesScene: false, .share)
    let told = try areas(opposite: false, seesScene: true, .root)
    #expect(told.large > pooled.large - 0.01 && told.small > pooled.small - 0.01)
  }

  @Test func aSceneCountsByTheRootOfItsShare() {
    let scenes = [Int32](repeating: 4, count: 90) + [Int32](repeating: 7, count: 10)
    let root = SceneWeights.root.factors(of: scenes)
    // Shares 0.9 and 0.1: 3 to 1 together.
    #expect(abs(root[0] - 0.75 / 0.9) < 1e-6 && abs(root[99] - 2.5) < 1e-6)
    let equal = SceneWeights.equal.factors(of: scenes)
    #expect(abs(equal[0] - 0.5 / 0.9) < 1e-6 && abs(equal[99] - 5) < 1e-6)
    #expect(SceneWeights.share.factors(of: scenes).allSatisfy { abs($0 - 1) < 1e-6 })
    #expect(abs(root.reduce(0, +) - 100) < 1e-3)
  }
}
