import Foundation
import RankingData

/// Platt scaling (Platt, 1999): `sigmoid(slope · score + offset)`, fitted on rows the scores were not
/// trained on.
///
/// The targets are `(N₊ + 1) / (N₊ + 2)` and `1 / (N₋ + 2)` instead of 1 and 0, so that the fit stays
/// finite where the scores separate the labels. Newton's method with a line search, as Lin, Lin and
/// Weng corrected it (Machine Learning 68, 2007).
public struct PlattScaling: Sendable, Hashable, Codable {
  /// Of the score; above 0.
  public let slope: Double
  /// Of the logit.
  public let offset: Double

  /// - Throws: `RankerError.configuration` for a slope that would turn the order round, or a number
  ///   that is not finite.
  public init(slope: Double, offset: Double) throws(RankerError) {
    guard slope > 0, slope.isFinite, offset.isFinite else {
      throw .configuration(
        key: "platt", value: "slope \(slope), offset \(offset)",
        reason: "a calibration must rise with the score")
    }
    self.slope = slope
    self.offset = offset
  }

  /// Decodes and checks both numbers.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      slope: container.decode(Double.self, forKey: .slope),
      offset: container.decode(Double.self, forKey: .offset))
  }

  /// The calibrated logit. O(1).
  public func logit(of score: Double) -> Double { slope * score + offset }

  /// Fits to scores and labels, positive from 0.5, each row counting by its weight.
  ///
  /// - Throws: `RankerError.calibration` where a label is missing, a score is not a number, or higher
  ///   scores do not make positive labels likelier.
  /// - Complexity: O(n) an iteration; about ten of them.
  public static func fit(
    scores: [Float], labels: [Float], weights: [Float]? = nil
  ) throws(RankerError) -> PlattScaling {
    precondition(scores.count == labels.count, "\(scores.count) scores, \(labels.count) labels")
    guard scores.allSatisfy(\.isFinite) else {
      throw .calibration("a score is not a finite number")
    }
    let fit = PlattFit(scores, labels, weights)
    guard fit.positives > 0, fit.negatives > 0 else {
      throw .calibration(
        "the validation rows have \(fit.positives) positive and \(fit.negatives) negative labels by"
          + " weight, and both are needed")
    }
    let (slope, offset) = fit.solve()
    guard slope > 0, slope.isFinite, offset.isFinite else {
      throw .calibration(
        "higher scores do not make positive labels likelier on the validation rows (slope \(slope))"
      )
    }
    return try PlattScaling(slope: slope, offset: offset)
  }
}

/// The convex problem behind a fit. Scores are standardised first, so that Newton's steps are as good
/// for scores in thousands as for logits.
private struct PlattFit {
  private let scores: [Double]
  private let targets: [Double]
  private let weights: [Double]
  private let center: Double
  private let spread: Double
  let positives: Double
  let negatives: Double

  init(_ scores: [Float], _ labels: [Float], _ weights: [Float]?) {
    let weights = weights?.map { Double($0) } ?? [Double](repeating: 1, count: scores.count)
    let classes = labels.map { isPositive($0) }
    var (positives, negatives) = (0.0, 0.0)
    for (weight, isPositive) in zip(weights, classes) {
      if isPositive { positives += weight } else { negatives += weight }
    }
    let mean = scores.reduce(0) { $0 + Double($1) } / Double(max(scores.count, 1))
    let variance = scores.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    let deviation = (variance / Double(max(scores.count, 1))).squareRoot()
    (center, spread) = (mean, deviation > 0 ? deviation : 1)
    self.scores = scores.map { [center, spread] in (Double($0) - center) / spread }
    let (high, low) = ((positives + 1) / (positives + 2), 1 / (negatives + 2))
    targets = classes.map { $0 ? high : low }
    self.weights = weights
    (self.positives, self.negatives) = (positives, negatives)
  }

  /// Slope and offset of the raw scores.
  func solve() -> (slope: Double, offset: Double) {
    var (a, b) = (0.0, log((positives + 1) / (negatives + 1)))
    var value = loss(a, b)
    for _ in 0..<100 {
      // A little curvature of its own keeps the Hessian regular where all scores are equal.
      var (ga, gb, haa, hab, hbb) = (0.0, 0.0, 1e-12, 0.0, 1e-12)
      for (index, score) in scores.enumerated() {
        let p = logistic(a * score + b)
        let (slope, curve) = (weights[index] * (p - targets[index]), weights[index] * p * (1 - p))
        ga += slope * score
        gb += slope
        haa += curve * score * score
        hab += curve * score
        hbb += curve
      }
      if max(abs(ga), abs(gb)) < 1e-10 * max(positives + negatives, 1) { break }
      let determinant = haa * hbb - hab * hab
      let (da, db) = (
        -(hbb * ga - hab * gb) / determinant, -(haa * gb - hab * ga) / determinant
      )
      let slope = ga * da + gb * db
      var step = 1.0
      while step > 1e-10 {
        let next = loss(a + step * da, b + step * db)
        if next <= value + 1e-4 * step * slope {
          (a, b, value) = (a + step * da, b + step * db, next)
          break
        }
        step /= 2
      }
      if step <= 1e-10 { break }
    }
    return (a / spread, b - a * center / spread)
  }

  private func loss(_ a: Double, _ b: Double) -> Double {
    var total = 0.0
    for (index, score) in scores.enumerated() {
      let logit = a * score + b
      total += weights[index] * (softplus(logit) - targets[index] * logit)
    }
    return total
  }
}
