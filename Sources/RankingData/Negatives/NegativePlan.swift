/// Which negatives a training sees besides the exposed ones.
///
/// ```yaml
/// negatives: {exposed: 7, random: 2, popular: 1}      # for 7 exposed negatives, 2 and 1 drawn ones
/// negatives: {per_positive: 4, random: 1, popular: 1} # for logs that hold nothing but clicks
/// negatives: {keep: 0.1, random: 0, popular: 0}       # a tenth of the exposed ones, no others
/// ```
public struct NegativePlan: Sendable, Hashable, Codable {
  /// Share of the exposed negatives that are kept. What the others' absence does to probabilities is
  /// put right exactly.
  public var keep = 1.0
  /// Weight of the exposed negatives in the mixture, which sets the number of drawn ones.
  public var exposed = 7.0
  /// Weight of items drawn uniformly.
  public var random = 2.0
  /// Weight of items drawn by popularity.
  public var popular = 1.0
  /// Drawn negatives for each positive row, instead of by the weight of the exposed ones.
  public var perPositive: Double?
  /// Popularity is the number of impressions to this power.
  public var exponent = 0.75
  /// What is done about the drawn rows' not being exposures.
  public var correction = Correction.none
  /// The weight of a drawn row.
  public var weight = 1.0
  /// Drives the draws.
  public var seed: UInt64 = 1

  /// What is done about drawn rows in the loss.
  public enum Correction: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nothing. The order is learnt; the probabilities are too low.
    case none
    /// The logit of every drawn row is lowered in training by the logarithm of the number of times it
    /// was to be expected (logQ), so that few rows stand for all items. For the softmax loss over
    /// lists. The positive, which is always there, is not corrected (arXiv 2507.09331).
    case logq
    /// A line is laid through the scores of the exposed validation rows, whose rate is the true one
    /// (Platt scaling).
    case calibrate
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case keep, exposed, random, popular
    case perPositive = "per_positive"
    case exponent, correction, weight, seed
  }

  /// Exposed to random to popular as 7 to 2 to 1.
  public init() {}
}

/// Where a row of a training set comes from.
public enum NegativeSource: UInt8, Sendable, Hashable, Codable, CaseIterable {
  /// It was shown.
  case exposed
  /// Drawn uniformly.
  case random
  /// Drawn by popularity.
  case popular
}

extension NegativePlan {
  /// Reads a part of a configuration.
  /// - Throws: `RankingDataError` naming file, line and key.
  package init(_ node: ConfigurationNode) throws(RankingDataError) {
    let members = try node.members(CodingKeys.allCases.map(\.rawValue))
    func number(
      _ key: CodingKeys, _ range: ClosedRange<Double>
    ) throws(RankingDataError) -> Double? {
      try members[key.rawValue]?.number(in: range)
    }
    self.init()
    keep = try number(.keep, 1e-6...1) ?? keep
    exposed = try number(.exposed, 0...1e6) ?? exposed
    random = try number(.random, 0...1e6) ?? random
    popular = try number(.popular, 0...1e6) ?? popular
    perPositive = try number(.perPositive, 0...1e4)
    exponent = try number(.exponent, 0...2) ?? exponent
    correction = try members[CodingKeys.correction.rawValue]?.choice(Correction.self) ?? correction
    weight = try number(.weight, 0...1e6) ?? weight
    seed = UInt64(try members[CodingKeys.seed.rawValue]?.integer(in: 0...(.max)) ?? 1)
    guard random + popular > 0 || keep < 1 else {
      throw node.failure(
        .badValue, "neither random nor popular negatives are asked for, and all exposed ones stay.",
        "Remove negatives, or give one of them a weight.")
    }
    guard exposed > 0 || perPositive != nil else {
      throw node.failure(
        .badValue,
        "without a weight of the exposed ones there is no saying how many are to be drawn.",
        "Set per_positive.")
    }
  }
}
