import Foundation

/// Undoes what leaving out negatives does to probabilities (He et al., ADKDD 2014): a model that was
/// trained on all positives and a share r of the negatives believes p' where the truth is
/// `p = p' / (p' + (1 - p') / r)`.
///
/// In logits a mere shift: `logit p = logit p' + log r`, so the order stays and nothing overflows.
public struct BaseRateCorrection: Sendable, Hashable, Codable {
  /// r: the share of the negatives that was kept, in (0, 1].
  public let keptNegatives: Double

  enum CodingKeys: String, CodingKey { case keptNegatives = "kept_negatives" }

  /// - Throws: `RankerError.configuration` for a share outside (0, 1].
  public init(keptNegatives: Double) throws(RankerError) {
    guard keptNegatives > 0, keptNegatives <= 1 else {
      throw .configuration(
        key: "kept_negatives", value: "\(keptNegatives)", reason: "a share lies above 0, up to 1")
    }
    self.keptNegatives = keptNegatives
  }

  /// Decodes and checks the share.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(keptNegatives: container.decode(Double.self, forKey: .keptNegatives))
  }

  /// The corrected logit. O(1).
  public func logit(of logit: Double) -> Double { logit + log(keptNegatives) }

  /// The corrected probability. O(1).
  public func callAsFunction(_ probability: Double) -> Double {
    probability / (probability + (1 - probability) / keptNegatives)
  }
}
