package import NeuralNetworks
import RankingData

/// How the learning rate changes over a training, counted in epochs: `cosine`, or with its parameters
/// `{kind: cosine, warmup_epochs: 1, floor: 0.01}`.
public struct RankerSchedule: Sendable, Hashable {
  /// The course after the rise.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Stays.
    case constant
    /// Falls along half a cosine to `floor` at the end of the last epoch (Loshchilov and Hutter, 2017,
    /// arXiv 1608.03983).
    case cosine
    /// Falls by `step_factor` after every `step_epochs`.
    case step
    /// Falls by `step_factor` after each of the epochs in `milestones`.
    case milestones
  }

  /// The course after the rise.
  public var kind: Kind
  /// Epochs, or a part of one, over which the rate rises from nothing.
  public var warmupEpochs = 0.0
  /// Where `cosine` ends, as a share of the learning rate.
  public var floor = 0.0
  /// Epochs between two steps.
  public var stepEpochs = 1
  /// What a step or a milestone multiplies the rate by.
  public var stepFactor = 0.1
  /// Epochs after which the rate falls.
  public var milestones: [Int] = []

  /// A course without a rise.
  public init(_ kind: Kind = .constant) { self.kind = kind }

  /// Whether the rate of a step depends on how many epochs there will be.
  package var dependsOnEpochs: Bool { kind == .cosine }

  func validate() throws(RankerError) {
    try check("schedule.warmup_epochs", warmupEpochs, 0...100_000)
    try check("schedule.floor", floor, 0...1)
    try check("schedule.step_epochs", stepEpochs, 1...100_000)
    try check("schedule.step_factor", stepFactor, 1e-6...1)
    for epoch in milestones { try check("schedule.milestones", epoch, 1...100_000) }
    if kind == .milestones, milestones.isEmpty {
      throw .configuration(
        key: "schedule.milestones", value: "none",
        reason: "the kind 'milestones' needs the epochs after which the rate falls, as [3, 6]")
    }
  }

  /// The same course in steps.
  package func inSteps(epochs: Int, stepsPerEpoch: Int) -> LearningRateSchedule {
    let rise = Int((warmupEpochs * Double(stepsPerEpoch)).rounded())
    switch kind {
    case .constant: return LearningRateSchedule.constant.warmed(up: rise)
    case .cosine:
      return .cosine(
        epochs: epochs, warmupEpochs: warmupEpochs, stepsPerEpoch: stepsPerEpoch, floor: floor)
    case .step:
      return LearningRateSchedule.step(
        everyEpochs: stepEpochs, stepsPerEpoch: stepsPerEpoch, factor: stepFactor
      ).warmed(up: rise)
    case .milestones:
      return LearningRateSchedule.milestones(
        milestones.map { $0 * stepsPerEpoch }, factor: stepFactor
      ).warmed(up: rise)
    }
  }
}

extension RankerSchedule: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind
    case warmupEpochs = "warmup_epochs"
    case floor
    case stepEpochs = "step_epochs"
    case stepFactor = "step_factor"
    case milestones
  }

  /// The keys that a kind reads.
  private static func keys(of kind: Kind) -> [CodingKeys] {
    switch kind {
    case .constant: [.kind, .warmupEpochs]
    case .cosine: [.kind, .warmupEpochs, .floor]
    case .step: [.kind, .warmupEpochs, .stepEpochs, .stepFactor]
    case .milestones: [.kind, .warmupEpochs, .stepFactor, .milestones]
    }
  }

  /// Decodes a name or an object.
  ///
  /// - Throws: `RankerError` for an unknown kind, a key that the kind does not read, or a value out of
  ///   range.
  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      self.init(try Self.kind(name))
    } else {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      let name = try container.decodeIfPresent(String.self, forKey: .kind) ?? "constant"
      self.init(try Self.kind(name))
      try refuseUnknownKeys(
        in: decoder, known: Self.keys(of: kind).map(\.rawValue), of: "schedule: \(name)")
      try container.update(&warmupEpochs, .warmupEpochs)
      try container.update(&floor, .floor)
      try container.update(&stepEpochs, .stepEpochs)
      try container.update(&stepFactor, .stepFactor)
      try container.update(&milestones, .milestones)
    }
    try validate()
  }

  private static func kind(_ name: String) throws(RankerError) -> Kind {
    guard let kind = Kind(rawValue: name) else {
      throw .unknownChoice(key: "schedule", value: name, known: Kind.allCases.map(\.rawValue))
    }
    return kind
  }

  /// Encodes an object with every key that the kind reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    for key in Self.keys(of: kind) {
      switch key {
      case .kind: try container.encode(kind, forKey: key)
      case .warmupEpochs: try container.encode(warmupEpochs, forKey: key)
      case .floor: try container.encode(floor, forKey: key)
      case .stepEpochs: try container.encode(stepEpochs, forKey: key)
      case .stepFactor: try container.encode(stepFactor, forKey: key)
      case .milestones: try container.encode(milestones, forKey: key)
      }
    }
  }
}
