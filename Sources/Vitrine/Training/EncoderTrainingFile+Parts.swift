import Images
import NeuralNetworks
import RankingData
import VisualEncoder

extension Preprocessing {
  /// The keys of `encoder.json`, unknown ones refused.
  init(node: ConfigurationNode) throws {
    _ = try node.members([
      "resize", "crop", "interpolation", "crop_mode", "orientation", "alpha", "color_profile",
      "damage", "mean", "std",
    ])
    self = try node.decode(Preprocessing.self)
  }
}

extension Augmentation {
  /// `none`, or a mapping; a range is a list of two numbers.
  init(node: ConfigurationNode) throws {
    self.init()
    if !node.isMapping, try node.string() == "none" {
      self = .none
      return
    }
    let limits = Dictionary(
      uniqueKeysWithValues: Self.limits.map { ($0.name, $0.range) })
    let members = try node.members(Self.limits.map(\.name))
    func number(_ key: String, _ fallback: Double) throws -> Double {
      guard let node = members[key], let range = limits[key] else { return fallback }
      return try node.number(in: range)
    }
    func range(_ key: String, _ fallback: ClosedRange<Double>) throws -> ClosedRange<Double> {
      guard let node = members[key], let limit = limits[key] else { return fallback }
      let bounds = try node.elements()
      guard bounds.count == 2 else {
        throw node.failure(
          .badValue, "a range is wanted.", "Write the least and the most, such as [0.6, 1].")
      }
      let (low, high) = (try bounds[0].number(in: limit), try bounds[1].number(in: limit))
      guard low <= high else {
        throw node.failure(.badValue, "the range \(low) to \(high) is empty.", "Swap the numbers.")
      }
      return low...high
    }
    area = try range("area", area)
    ratio = try range("ratio", ratio)
    flip = try number("flip", flip)
    rotation = try number("rotation", rotation)
    brightness = try number("brightness", brightness)
    contrast = try number("contrast", contrast)
    saturation = try number("saturation", saturation)
    erase = try number("erase", erase)
    eraseArea = try range("erase_area", eraseArea)
  }
}

extension ClassificationPlan {
  private static let keys = [
    "epochs", "patience", "keep", "batch_size", "optimizer", "learning_rate", "momentum",
    "weight_decay",
    "schedule", "warmup_epochs", "step_epochs", "step_factor", "label_smoothing", "mixup", "cutmix",
    "dropout", "clip_norm", "average", "verification", "verification_weight", "rare_images",
    "parents", "arithmetic", "batch_norm", "seed", "workers",
  ]

  /// Takes the values of `training`.
  mutating func read(_ node: ConfigurationNode, attention: Attention) throws {
    let members = try node.members(Self.keys)
    func number(_ key: String, _ range: ClosedRange<Double>, _ fallback: Double) throws -> Double {
      try members[key]?.number(in: range) ?? fallback
    }
    func integer(_ key: String, _ range: ClosedRange<Int>, _ fallback: Int) throws -> Int {
      try members[key]?.integer(in: range) ?? fallback
    }
    for key in ["verification", "verification_weight", "rare_images", "parents"] {
      guard attention == .category || members[key] == nil else {
        throw (members[key] ?? node).failure(
          .badValue, "it only serves attention: category.", "Remove it, or set attention.")
      }
    }
    epochs = try integer("epochs", 1...100_000, epochs)
    patience = try integer("patience", 1...100_000, patience)
    keep = try members["keep"]?.choice(KeptEpoch.self) ?? keep
    batchSize = try integer("batch_size", 2...65_536, batchSize)
    optimizer = try members["optimizer"]?.choice(Method.self) ?? optimizer
    // What suits one rule is far too much or too little for the other.
    if optimizer == .adamw { (learningRate, weightDecay) = (1e-3, 0.05) }
    learningRate = try number("learning_rate", 1e-8...100, learningRate)
    momentum = try number("momentum", 0...0.9999, momentum)
    weightDecay = try number("weight_decay", 0...10, weightDecay)
    schedule = try members["schedule"]?.choice(Schedule.self) ?? schedule
    warmupEpochs = try number("warmup_epochs", 0...1000, warmupEpochs)
    stepEpochs = try integer("step_epochs", 1...100_000, stepEpochs)
    stepFactor = try number("step_factor", 0.001...1, stepFactor)
    labelSmoothing = try number("label_smoothing", 0...0.9, labelSmoothing)
    mixup = try number("mixup", 0...1, mixup)
    cutmix = try number("cutmix", 0...1, cutmix)
    dropout = try number("dropout", 0...0.9, dropout)
    clipNorm = try members["clip_norm"]?.number(in: 1e-6...1e9) ?? clipNorm
    average = try members["average"]?.number(in: 0...0.99999) ?? average
    verification = try number("verification", 0...0.9, verification)
    verificationWeight = try number("verification_weight", 0...100, verificationWeight)
    rareImages = try integer("rare_images", 0...1_000_000, rareImages)
    parents = try members["parents"]?.decode([String: String].self) ?? parents
    arithmetic = try members["arithmetic"]?.choice(Arithmetic.self) ?? arithmetic
    batchNorm = try members["batch_norm"]?.choice(Statistics.self) ?? batchNorm
    seed = UInt64(try integer("seed", 0 ... .max, Int(clamping: seed)))
    workers = try integer("workers", 1...256, workers)
  }
}
