import RankingData

/// How many experts there are, and what each is; every key has a default.
public struct ExpertShape: Codable, Sendable, Hashable {
  /// Every key it reads.
  public static let keys = CodingKeys.allCases.map(\.rawValue)

  /// Number of experts.
  public var experts = 6
  /// Units of an expert's layers.
  public var expert = [128, 64]
  /// Units of the hidden layers of a task's tower.
  public var tower = [64]
  /// Share of experts that a row cannot use in each training step, against gates that use only one.
  public var gateDropout = 0.0
  /// What a nat of the gates' mean entropy is worth in the loss, against the same.
  public var entropyBonus = 0.0

  enum CodingKeys: String, CodingKey, CaseIterable {
    case experts, expert, tower
    case gateDropout = "gate_dropout"
    case entropyBonus = "entropy_bonus"
  }

  /// The defaults.
  public init() {}

  /// Decodes any subset of the keys; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try container.update(&experts, .experts)
    try container.update(&expert, .expert)
    try container.update(&tower, .tower)
    try container.update(&gateDropout, .gateDropout)
    try container.update(&entropyBonus, .entropyBonus)
  }

  func validate() throws(RankerError) {
    try check("experts", experts, 1...1024)
    guard !expert.isEmpty else {
      throw .configuration(
        key: "expert", value: "no layer", reason: "experts without layers are all the same")
    }
    try checkUnits("expert", expert)
    try checkUnits("tower", tower)
    try check("gate_dropout", gateDropout, 0...0.95)
    try check("entropy_bonus", entropyBonus, 0...1000)
  }
}
