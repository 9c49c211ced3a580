import NeuralNetworks
import RankingData

/// What `optimizer: ftrl` reads beside the learning rate: `ftrl: {beta: 1, l1: 0.5, l2: 1}`. Biases are
/// not penalised.
public struct FTRLPenalties: Sendable, Hashable, Codable {
  /// β, which holds the first steps back.
  public var beta = 1.0
  /// λ₁: weights whose gradients never add up to more are exactly 0.
  public var l1 = 0.0
  /// λ₂: how strongly weights are drawn to 0.
  public var l2 = 0.0

  enum CodingKeys: String, CodingKey, CaseIterable { case beta, l1, l2 }

  /// The defaults.
  public init() {}

  /// Decodes any subset of the keys; the others keep their defaults.
  ///
  /// - Throws: `RankerError` for an unknown key or a value out of range.
  public init(from decoder: any Decoder) throws {
    try refuseUnknownKeys(in: decoder, known: CodingKeys.allCases.map(\.rawValue), of: "ftrl")
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try container.update(&beta, .beta)
    try container.update(&l1, .l1)
    try container.update(&l2, .l2)
    try validate()
  }

  func validate() throws(RankerError) {
    try check("ftrl.beta", beta, 1e-6...1e6)
    try check("ftrl.l1", l1, 0...1e9)
    try check("ftrl.l2", l2, 0...1e9)
  }

  var values: FTRL.Penalties { FTRL.Penalties(beta: beta, l1: l1, l2: l2) }
}
