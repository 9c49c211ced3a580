/// What a configuration of a search reached.
public struct Trial: Sendable, Codable, Hashable {
  /// From 0.
  public var trial: Int
  /// The rung of halving, from 0; 0 elsewhere.
  public var rung: Int
  /// Its values, by dotted key, as YAML writes them.
  public var values: [String: String]
  /// On the validation rows, higher is better; nil where the training failed.
  public var score: Double?
  /// The epoch or round that was best.
  public var epoch: Int?
  /// The time it took.
  public var seconds: Double
  /// Why it failed.
  public var failure: String?

  /// Whether it is to be preferred; of equals, the earlier one.
  func isBetter(than other: Trial?) -> Bool {
    guard let other else { return score != nil }
    guard let score, let rival = other.score else { return score != nil }
    return score != rival ? score > rival : trial < other.trial
  }
}
