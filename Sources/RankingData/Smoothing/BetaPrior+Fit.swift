extension BetaPrior {
  /// The strength taken where rates vary no more than chance lets them.
  package static let largestStrength = 1e6

  /// Fits a prior to the counts of many keys, each with its own rate: the maximum of the
  /// beta-binomial likelihood.
  ///
  /// The fixed point of Wang et al. ("Click-through prediction for sponsored search", 2011) creeps:
  /// from (1, 1) it is far from its end after hundreds of rounds. It starts from corrected moments
  /// therefore, which are close already. Keys with equal counts are one term: O(distinct counts)
  /// a round.
  /// - Parameter tolerance: relative change of both parameters at which it stops.
  public init(
    fittedTo counts: some Sequence<RateCounts>, tolerance: Double = 1e-6, rounds: Int = 1000
  ) {
    let terms = Self.terms(counts)
    let start = Self.moments(terms)
    guard start.strength < 0.99 * Self.largestStrength else {
      self = start
      return
    }
    self = start.improved(terms, tolerance, rounds)
  }

  /// The prior whose mean and variance the rates have, the variance less what binomial noise adds to
  /// it. Where nothing is left, the rates are all one, and the prior is as strong as it gets.
  /// - Parameter corrected: false leaves the noise in, and underestimates the strength.
  package init(momentsOf counts: some Sequence<RateCounts>, corrected: Bool = true) {
    self = Self.moments(Self.terms(counts), corrected: corrected)
  }

  /// Rounds of the fixed point alone.
  package func improved(
    by counts: some Sequence<RateCounts>, tolerance: Double, rounds: Int
  ) -> BetaPrior { improved(Self.terms(counts), tolerance, rounds) }

  /// Counts, and how many keys have them.
  private typealias Term = (counts: RateCounts, keys: Double)

  /// Keys that were never shown say nothing. In a fixed order, so that sums are reproducible.
  private static func terms(_ counts: some Sequence<RateCounts>) -> [Term] {
    var keys: [RateCounts: Double] = [:]
    for counts in counts where counts.impressions > 0 { keys[counts, default: 0] += 1 }
    return keys.map { (counts: $0.key, keys: $0.value) }.sorted { a, b in
      a.counts.impressions != b.counts.impressions
        ? a.counts.impressions < b.counts.impressions : a.counts.positives < b.counts.positives
    }
  }

  private static func moments(_ terms: [Term], corrected: Bool = true) -> BetaPrior {
    var (keys, rates, inverses) = (0.0, 0.0, 0.0)
    var total = RateCounts()
    for term in terms {
      keys += term.keys
      rates += term.keys * term.counts.positives / term.counts.impressions
      inverses += term.keys / term.counts.impressions
      total.positives += term.keys * term.counts.positives
      total.impressions += term.keys * term.counts.impressions
    }
    let overall = BetaPrior(mean: vague.rate(of: total), strength: largestStrength)
    guard keys > 1 else { return overall }
    let mean = rates / keys
    guard mean > 0, mean < 1 else { return overall }
    var squares = 0.0
    for term in terms {
      let step = term.counts.positives / term.counts.impressions - mean
      squares += term.keys * step * step
    }
    var variance = squares / (keys - 1)
    if corrected {
      let noise = inverses / keys
      // Of keys seen once each, nothing can be said.
      guard noise < 1 else { return overall }
      variance = (variance - mean * (1 - mean) * noise) / (1 - noise)
    }
    guard variance > 0 else { return overall }
    let strength = mean * (1 - mean) / variance - 1
    guard strength > 0 else { return vague }
    return BetaPrior(mean: mean, strength: min(strength, largestStrength))
  }

  private func improved(_ terms: [Term], _ tolerance: Double, _ rounds: Int) -> BetaPrior {
    var prior = self
    for _ in 0..<rounds {
      let (alpha, beta) = (prior.alpha, prior.beta)
      let (atAlpha, atBeta, atBoth) = (digamma(alpha), digamma(beta), digamma(alpha + beta))
      var (positive, negative, both) = (0.0, 0.0, 0.0)
      for (counts, keys) in terms {
        let negatives = counts.impressions - counts.positives
        if counts.positives > 0 { positive += keys * (digamma(counts.positives + alpha) - atAlpha) }
        if negatives > 0 { negative += keys * (digamma(negatives + beta) - atBeta) }
        both += keys * (digamma(counts.impressions + alpha + beta) - atBoth)
      }
      let next = (alpha: alpha * positive / both, beta: beta * negative / both)
      // Without a positive or a negative the likelihood has no maximum inside.
      guard next.alpha > 0, next.beta > 0, next.alpha + next.beta < Self.largestStrength else {
        break
      }
      prior = BetaPrior(alpha: next.alpha, beta: next.beta)
      if abs(next.alpha - alpha) <= tolerance * alpha, abs(next.beta - beta) <= tolerance * beta {
        break
      }
    }
    return prior
  }
}
