/// A Beta distribution of rates: what is believed of a rate before anything was seen of it.
public struct BetaPrior: Sendable, Hashable, Codable {
  /// Pseudo-count of positives; above 0.
  public var alpha: Double
  /// Pseudo-count of negatives; above 0.
  public var beta: Double

  /// Creates a prior.
  public init(alpha: Double, beta: Double) {
    precondition(
      alpha > 0 && beta > 0 && (alpha + beta).isFinite,
      "A Beta distribution has parameters above 0, not \(alpha) and \(beta).")
    self.alpha = alpha
    self.beta = beta
  }

  /// Creates a prior from its mean, between 0 and 1, and its strength in impressions.
  public init(mean: Double, strength: Double) {
    self.init(alpha: mean * strength, beta: (1 - mean) * strength)
  }

  /// Says nothing in particular (Jeffreys).
  package static let vague = BetaPrior(alpha: 0.5, beta: 0.5)

  /// The mean rate.
  public var mean: Double { alpha / (alpha + beta) }
  /// Impressions that weigh as much as the prior.
  public var strength: Double { alpha + beta }

  /// The mean of the posterior: between the raw rate and the prior mean.
  public func rate(of counts: RateCounts) -> Double {
    (counts.positives + alpha) / (counts.impressions + alpha + beta)
  }
}

extension BetaPrior {
  private enum CodingKeys: String, CodingKey { case alpha, beta }

  /// Decodes a prior.
  /// - Throws: `DecodingError` where a parameter is not above 0.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let alpha = try container.decode(Double.self, forKey: .alpha)
    let beta = try container.decode(Double.self, forKey: .beta)
    guard alpha > 0, beta > 0, (alpha + beta).isFinite else {
      throw DecodingError.dataCorruptedError(
        forKey: .alpha, in: container,
        debugDescription: "A Beta distribution has parameters above 0.")
    }
    self.init(alpha: alpha, beta: beta)
  }
}
