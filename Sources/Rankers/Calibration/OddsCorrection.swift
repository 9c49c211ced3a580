import Foundation

/// Makes expected weights of the odds that `WeightedLogisticLoss` learns (Covington, Adams and Sargin,
/// RecSys 2016).
///
/// Positives of weight T among N rows, a share P of them, teach the odds `Σ T / (N - N P)`, which is the
/// expected weight of a row `Σ T / N` over `1 - P`. That is close where positives are rare; where they are
/// not, the odds are too high by as much. Rows are what they are on average, so that no order changes.
public struct OddsCorrection: Sendable, Hashable, Codable {
  /// P: the share of positives among all rows, in [0, 1).
  public let positives: Double
  /// The share of the negatives that was kept, in (0, 1]. All of them count in P.
  public let keptNegatives: Double

  enum CodingKeys: String, CodingKey {
    case positives
    case keptNegatives = "kept_negatives"
  }

  /// - Throws: `RankerError.configuration` for a share outside its range.
  public init(positives: Double, keptNegatives: Double = 1) throws(RankerError) {
    guard positives >= 0, positives < 1 else {
      throw .configuration(
        key: "positives", value: "\(positives)", reason: "a share of rows lies from 0 to below 1")
    }
    self.positives = positives
    self.keptNegatives = try BaseRateCorrection(keptNegatives: keptNegatives).keptNegatives
  }

  /// Decodes and checks the shares.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      positives: container.decode(Double.self, forKey: .positives),
      keptNegatives: container.decode(Double.self, forKey: .keptNegatives))
  }

  /// The logarithm of the expected weight, of that of the odds. O(1).
  public func logit(of logOdds: Double) -> Double {
    logOdds + log(keptNegatives) + log1p(-positives)
  }
}
