/// Numbers about how often a key was shown and clicked in strictly earlier training rows.
public struct CounterField: Sendable, Hashable, Codable {
  /// A number that a counter gives.
  public enum Output: String, Sendable, Hashable, Codable, CaseIterable {
    /// The smoothed rate of positive labels.
    case rate
    /// The lower bound of the rate's Wilson interval: high only where it is proven.
    case lower
    /// log(1 + impressions): how much the other two can be trusted.
    case logImpressions = "log_impressions"
  }

  /// Where the prior of a rate comes from.
  public enum Smoothing: Sendable, Hashable {
    /// Fitted to the rates of all keys.
    case beta
    /// Given.
    case fixed(BetaPrior)
  }

  /// Columns, or numeric fields with buckets, whose values together are the key.
  public var by: [String]
  /// Numbers to give, in this order.
  public var outputs: [Output]
  /// The prior that a rate shrinks to.
  public var smoothing: Smoothing
  /// Coarser columns, finest first. A rate shrinks to that of the first of them, that one's to the
  /// next one's, and the last to the rate of all rows.
  public var fallback: [String]
  /// Seconds after which an event counts half; `nil` counts all alike.
  public var halfLife: Double?
  /// Standard normal quantile of the interval.
  public var confidence: Double
  /// A key that was only ever positive takes its fallback's numbers until it has this many
  /// impressions: three clicks of three do not make an item that is always clicked.
  public var minimumSamples: Int
  /// Scale of the numbers. It is fitted like that of any numeric field; the numbers themselves know
  /// nothing that was not earlier.
  public var transform: NumericField.Transform

  enum CodingKeys: String, CodingKey, CaseIterable {
    case by, outputs, smoothing, fallback
    case halfLife = "half_life"
    case confidence
    case minimumSamples = "minimum_samples"
    case transform
  }

  /// Creates a field.
  public init(
    by: [String], outputs: [Output] = Output.allCases, smoothing: Smoothing = .beta,
    fallback: [String] = [], halfLife: Double? = nil, confidence: Double = 1.96,
    minimumSamples: Int = 20, transform: NumericField.Transform = .standardize
  ) {
    self.by = by
    self.outputs = outputs
    self.smoothing = smoothing
    self.fallback = fallback
    self.halfLife = halfLife
    self.confidence = confidence
    self.minimumSamples = minimumSamples
    self.transform = transform
  }

  /// `item`, or `user × category, half-life 3600 s`: one key may be counted over several spans.
  public var name: String {
    by.joined(separator: " × ") + (halfLife.map { ", half-life \($0.formatted) s" } ?? "")
  }
  /// Columns of `RankingBatch.numeric`: `rate of item`.
  public var columns: [String] {
    outputs.map { "\($0.rawValue.replacing("_", with: " ")) of \(name)" }
  }
}

extension CounterField.Smoothing: Codable {
  /// Decodes the word `beta`, or the parameters of a prior.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let word = try? container.decode(String.self) {
      guard word == "beta" else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "\"\(word)\" is no smoothing.")
      }
      self = .beta
    } else {
      self = .fixed(try container.decode(BetaPrior.self))
    }
  }

  /// Encodes the word `beta`, or the parameters of a prior.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .beta: try container.encode("beta")
    case .fixed(let prior): try container.encode(prior)
    }
  }
}
