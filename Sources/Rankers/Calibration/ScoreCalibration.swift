import Foundation

/// How a ranker's score becomes the probability of a positive label.
///
/// Every calibration rises with the score, so that none changes an order.
public enum ScoreCalibration: Sendable, Hashable {
  /// The logistic function of the score: it is a logit already.
  case none
  /// Fitted on held-out rows.
  case platt(PlattScaling)
  /// Undoes the sampling of negatives.
  case baseRate(BaseRateCorrection)
  /// Makes expected weights of odds.
  case odds(OddsCorrection)

  /// The logit of the calibrated probability. O(1).
  public func logit(of score: Double) -> Double {
    switch self {
    case .none: score
    case .platt(let scaling): scaling.logit(of: score)
    case .baseRate(let correction): correction.logit(of: score)
    case .odds(let correction): correction.logit(of: score)
    }
  }

  /// The calibrated probability. O(1).
  public func probability(of score: Double) -> Double { logistic(logit(of: score)) }
}

/// `{"platt": {…}}`, `{"base_rate": {…}}`, `{"odds": {…}}` or `{}`.
extension ScoreCalibration: Codable {
  private enum CodingKeys: String, CodingKey {
    case platt, odds
    case baseRate = "base_rate"
  }

  /// Decodes a calibration.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let scaling = try container.decodeIfPresent(PlattScaling.self, forKey: .platt) {
      self = .platt(scaling)
    } else if let correction = try container.decodeIfPresent(
      BaseRateCorrection.self, forKey: .baseRate)
    {
      self = .baseRate(correction)
    } else if let correction = try container.decodeIfPresent(OddsCorrection.self, forKey: .odds) {
      self = .odds(correction)
    } else {
      self = .none
    }
  }

  /// Encodes a calibration.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .none: break
    case .platt(let scaling): try container.encode(scaling, forKey: .platt)
    case .baseRate(let correction): try container.encode(correction, forKey: .baseRate)
    case .odds(let correction): try container.encode(correction, forKey: .odds)
    }
  }
}

/// 1 / (1 + e^-x)
func logistic(_ x: Double) -> Double {
  x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
}

/// log(1 + e^x), without overflow.
func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
