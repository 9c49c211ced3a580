import NeuralNetworks
import Rankers
import RankingData
import TestSupport
import Testing

/// Small models of every kind of several tasks.
enum SmallMultiTask {
  static let settings: MultiTaskSettings = {
    var settings = MultiTaskSettings()
    settings.width = 6
    settings.embeddingScale = 0.1
    return settings
  }()

  static var sharedBottom: SharedBottom.Configuration {
    var configuration = SharedBottom.Configuration()
    (configuration.settings, configuration.bottom, configuration.tower) = (settings, [24, 12], [8])
    return configuration
  }

  static var softSharing: SoftSharing.Configuration {
    var configuration = SoftSharing.Configuration()
    (configuration.settings, configuration.hidden) = (settings, [24, 12])
    return configuration
  }

  static func crossStitch(perChannel: Bool = false) -> CrossStitch.Configuration {
    var configuration = CrossStitch.Configuration()
    (configuration.settings, configuration.hidden, configuration.tower) = (settings, [24, 12], [8])
    configuration.perChannel = perChannel
    return configuration
  }

  static var esmm: ESMM.Configuration {
    var configuration = ESMM.Configuration()
    (configuration.settings, configuration.hidden) = (settings, [24, 12])
    return configuration
  }

  static var omoe: OMoE.Configuration {
    var configuration = OMoE.Configuration()
    (configuration.settings, configuration.shape) = (settings, shape)
    return configuration
  }

  static var mmoe: MMoE.Configuration {
    var configuration = MMoE.Configuration()
    (configuration.settings, configuration.shape) = (settings, shape)
    return configuration
  }

  static let shape: ExpertShape = {
    var shape = ExpertShape()
    (shape.experts, shape.expert, shape.tower) = (3, [24, 12], [8])
    return shape
  }()

  static var all: [RankerSpecification] {
    [
      RankerSpecification(sharedBottom), RankerSpecification(softSharing),
      RankerSpecification(crossStitch()), RankerSpecification(crossStitch(perChannel: true)),
      RankerSpecification(esmm), RankerSpecification(omoe), RankerSpecification(mmoe),
    ]
  }
}

@Suite struct MultiTaskConformanceTests {
  @Test(arguments: SmallMultiTask.all) func everyKind(specification: RankerSpecification) throws {
    try RankerConformance(specification: specification).check()
  }

  @Test func everySettingAtOnce() throws {
    var configuration = SmallMultiTask.mmoe
    configuration.settings.l2 = 1e-6
    configuration.settings.dropout = 0.05
    configuration.settings.learnedWeights = true
    configuration.shape.gateDropout = 0.1
    configuration.shape.entropyBonus = 1e-4
    try RankerConformance(specification: RankerSpecification(configuration)).check()
  }

  /// P3, in the double-precision build.
  @Test(.enabled(if: isDoublePrecision), arguments: SmallMultiTask.all)
  func gradients(specification: RankerSpecification) throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(specification)
    var batch = world.batch(10)
    batch.weights = (0..<10).map { Float($0) / 4 }
    let mismatch = checkGradients(of: ranker) { ranker.loss(batch, $0) }
    #expect(mismatch.relativeError < 1e-5, "\(mismatch)")
    #expect(mismatch.compared >= 20)
  }

  @Test(.enabled(if: isDoublePrecision)) func gradientsOfEverySettingAtOnce() throws {
    var configuration = SmallMultiTask.mmoe
    configuration.settings.l2 = 0.1
    configuration.settings.learnedWeights = true
    configuration.settings.score = ["click": 1, "purchase": 0.5]
    configuration.shape.gateDropout = 0.3
    configuration.shape.entropyBonus = 0.2
    try gradients(specification: RankerSpecification(configuration))
  }
}
