import Foundation

/// A fitted counter: what a request is told. Its tables stand as they were after the training rows;
/// only time goes on, for counts that decay.
public struct CounterTransform: Sendable, Hashable, Codable {
  /// What was fitted.
  public let field: CounterField
  /// The key, its fallbacks, and, where there are fallbacks, all rows together.
  public let levels: [CounterLevel]
  /// Scales of the outputs.
  public let scales: [NumericTransform]
  /// The last training row, for requests that do not know the time.
  let end: Double

  init(field: CounterField, levels: [CounterLevel], scales: [NumericTransform], end: Double) {
    self.field = field
    self.levels = levels
    self.scales = scales
    self.end = end
  }

  /// The numbers for candidates, by column.
  /// - Parameters:
  ///   - keys: their values, by level, candidate, then column; empty texts are missing.
  ///   - times: of their requests.
  func columns(of keys: [[[String]]], at times: [Int64?]) -> [[Float]] {
    let priors = levels.map(\.prior)
    var columns = scales.map { _ in [Double]() }
    var outputs: [Double] = []
    for (row, time) in times.enumerated() {
      let now = time.map { Double($0) } ?? end
      let counts = zip(levels, keys).map { level, keys in
        level.counts(of: CounterLevel.id(keys[row])).counts(at: now, halfLife: field.halfLife)
      }
      field.outputs(of: counts, priors: priors, into: &outputs)
      for (column, output) in outputs.enumerated() { columns[column].append(output) }
    }
    return zip(scales, columns).map { $0($1) }
  }
}

extension CounterTransform {
  private enum CodingKeys: String, CodingKey { case field, levels, scales, end }

  /// Decodes a counter.
  /// - Throws: `DecodingError` where its parts do not fit each other.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    field = try container.decode(CounterField.self, forKey: .field)
    levels = try container.decode([CounterLevel].self, forKey: .levels)
    scales = try container.decode([NumericTransform].self, forKey: .scales)
    end = try container.decode(Double.self, forKey: .end)
    guard levels.map(\.columns) == field.levels, scales.map(\.name) == field.columns,
      scales.allSatisfy({ $0.width == 1 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .levels, in: container, debugDescription: "The tables do not fit the field.")
    }
  }
}

extension CounterField {
  /// Columns of each level.
  var levels: [[String]] { fallback.isEmpty ? [by] : [by] + fallback.map { [$0] } + [[]] }

  /// The outputs for the counts of each level, finest first.
  ///
  /// A rate is (c + strength · rate of the next level) / (n + strength); the last level's shrinks to
  /// the mean of the finest prior. Nothing seen, or only positives and few of them, is no evidence:
  /// such a level is passed over.
  func outputs(of counts: [RateCounts], priors: [BetaPrior], into outputs: inout [Double]) {
    var rate = priors[0].mean
    var lower = 0.0
    for level in counts.indices.reversed() {
      let counts = counts[level]
      let isProven =
        counts.positives < counts.impressions || counts.impressions >= Double(minimumSamples)
      guard counts.impressions > 0, isProven else { continue }
      let strength = priors[level].strength
      rate = (counts.positives + strength * rate) / (counts.impressions + strength)
      lower = WilsonInterval(counts, quantile: confidence).lower
    }
    outputs.removeAll(keepingCapacity: true)
    for output in self.outputs {
      switch output {
      case .rate: outputs.append(rate)
      case .lower: outputs.append(lower)
      case .logImpressions: outputs.append(log1p(counts[0].impressions))
      }
    }
  }
}
