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
    epochs = try container.decodeIfPresent(Int.self, forKey: .epochs) ?? epochs
    batchSize = try container.decodeIfPresent(Int.self, forKey: .batchSize) ?? batchSize
    try readOptimizer(container)
    schedule = try container.decodeIfPresent(RankerSchedule.self, forKey: .schedule) ?? schedule
    if let chosen = try container.decodeIfPresent(RankingLossSpecification.self, forKey: .loss) {
      // What suits the usual loss need not suit another.
      if chosen != loss { chosenMonitor = nil }
      loss = chosen
    }
    chosenMonitor =
      try container.decodeIfPresent(Monitor.self, forKey: .chosenMonitor) ?? chosenMonitor
    scene = try container.decodeIfPresent(String.self, forKey: .scene) ?? scene
    if let name = try container.decodeIfPresent(String.self, forKey: .sceneWeights) {
      guard let weights = SceneWeights(rawValue: name) else {
        throw RankerError.unknownChoice(
          key: "scene_weights", value: name, known: SceneWeights.allCases.map(\.rawValue))
      }
      sceneWeights = weights
    }
    if scene == nil, sceneWeights != .root {
      throw RankerError.configuration(
        key: "scene_weights", value: "'\(sceneWeights.rawValue)'",
        reason: "without 'scene', the column that tells scenes apart, there is nothing to weigh")
    }
    calibration =
      try container.decodeIfPresent(Calibration.self, forKey: .calibration) ?? calibration
    patience = try container.decodeIfPresent(Int.self, forKey: .patience) ?? patience
    keep = try container.decodeIfPresent(KeptEpoch.self, forKey: .keep) ?? keep
    if container.contains(.clipNorm) {
      clipNorm = try container.decodeIfPresent(Double.self, forKey: .clipNorm)
    }
    seed = try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? seed
    try validate()
  }
  /// The method, and what only some methods read.
  private mutating func readOptimizer(_ container: KeyedDecodingContainer<CodingKeys>) throws {
    if let chosen = try container.decodeIfPresent(Method.self, forKey: .optimizer),
      chosen != optimizer
    {
      optimizer = chosen
      (learningRate, weightDecay) = (chosen.usualLearningRate, chosen.usualWeightDecay)
      (momentum, ftrl) = (RankerTraining().momentum, FTRLPenalties())
    }
    learningRate = try container.decodeIfPresent(Double.self, forKey: .learningRate) ?? learningRate
    ftrl = try container.decodeIfPresent(FTRLPenalties.self, forKey: .ftrl) ?? ftrl
    weightDecay = try container.decodeIfPresent(Double.self, forKey: .weightDecay) ?? weightDecay
    momentum = try container.decodeIfPresent(Double.self, forKey: .momentum) ?? momentum
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
