import NeuralNetworks
import RankingData

extension RankerTraining {
  /// Every key it reads.
  public static let keys = CodingKeys.allCases.map(\.rawValue)

  enum CodingKeys: String, CodingKey, CaseIterable {
    case epochs
    case batchSize = "batch_size"
    case learningRate = "learning_rate"
    case optimizer, ftrl
    case weightDecay = "weight_decay"
    case momentum, schedule, loss
    case chosenMonitor = "monitor"
    case scene
    case sceneWeights = "scene_weights"
    case calibration, patience, keep
    case clipNorm = "clip_norm"
    case seed
  }

  /// The plan that missing keys are taken from, where a decoder is given one.
  private static let usualKey = CodingUserInfoKey(rawValue: "usual training")

  /// What a decoder must know so that missing keys are those of a usual plan.
  package static func context(
    usual plan: RankerTraining
  ) -> [CodingUserInfoKey: any Sendable] {
    usualKey.map { [$0: plan] } ?? [:]
  }

  /// Decodes any subset of the keys; the others keep their defaults, or what is usual for the model.
  ///
  /// - Throws: `RankerError` for an unknown key or a value out of range.
  public init(from decoder: any Decoder) throws {
    try refuseUnknownKeys(in: decoder, known: Self.keys, of: "training")
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let usual = Self.usualKey.flatMap { decoder.userInfo[$0] as? RankerTraining }
    self = usual ?? RankerTraining()
    try container.update(&epochs, .epochs)
    try container.update(&batchSize, .batchSize)
    try readOptimizer(container)
    try container.update(&schedule, .schedule)
    if let chosen = try container.decodeIfPresent(RankingLossSpecification.self, forKey: .loss) {
      // What suits the usual loss need not suit another.
      if chosen != loss { chosenMonitor = nil }
      loss = chosen
    }
    try container.update(&chosenMonitor, .chosenMonitor)
    try container.update(&scene, .scene)
    try container.update(&sceneWeights, .sceneWeights)
    if scene == nil, sceneWeights != .root {
      throw RankerError.configuration(
        key: "scene_weights", value: "'\(sceneWeights.rawValue)'",
        reason: "without 'scene', the column that tells scenes apart, there is nothing to weigh")
    }
    try container.update(&calibration, .calibration)
    try container.update(&patience, .patience)
    try container.update(&keep, .keep)
    try container.update(&clipNorm, .clipNorm)
    try container.update(&seed, .seed)
    try validate()
  }

  /// The method, and what only some methods read.
  private mutating func readOptimizer(_ container: KeyedDecodingContainer<CodingKeys>) throws {
    var chosen = optimizer
    try container.update(&chosen, .optimizer)
    if chosen != optimizer {
      optimizer = chosen
      (learningRate, weightDecay) = (chosen.usualLearningRate, chosen.usualWeightDecay)
      (momentum, ftrl) = (RankerTraining().momentum, FTRLPenalties())
    }
    try container.update(&learningRate, .learningRate)
    try container.update(&ftrl, .ftrl)
    try container.update(&weightDecay, .weightDecay)
    try container.update(&momentum, .momentum)
    func refuse(_ key: CodingKeys, _ value: String, _ readers: String) -> RankerError {
      .configuration(
        key: key.rawValue, value: value,
        reason: "only \(readers) reads it, and 'optimizer' is '\(optimizer.rawValue)'")
    }
    if ftrl != FTRLPenalties(), optimizer != .ftrl { throw refuse(.ftrl, "penalties", "'ftrl'") }
    if weightDecay != 0, !optimizer.decays {
      throw refuse(.weightDecay, "\(weightDecay)", "'adamw' or 'sgd'")
    }
    if momentum != RankerTraining().momentum, optimizer != .sgd {
      throw refuse(.momentum, "\(momentum)", "'sgd'")
    }
  }
}
