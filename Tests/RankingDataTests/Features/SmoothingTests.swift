import Foundation
import RankingData
import Testing

/// `Golden/smoothing.json`, written by `tools/reference/smoothing.py`: 800 items shown 50 to 500 times,
/// with rates from Beta(3, 97).
private struct Golden: Decodable {
  var impressions, clicks: [Double]
  var raw, corrected, mostLikely, from11After600: [Double]
  var digamma: [[Double]]

  static func load() throws -> Golden {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Golden/smoothing.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }

  var counts: [RateCounts] {
    zip(clicks, impressions).map { RateCounts(positives: $0, impressions: $1) }
  }
}

private func isNear(_ prior: BetaPrior, _ expected: [Double], _ tolerance: Double) -> Bool {
  abs(prior.alpha / expected[0] - 1) < tolerance && abs(prior.beta / expected[1] - 1) < tolerance
}

@Suite struct SmoothingTests {
  @Test func digammaIsThatOfSciPy() throws {
    for pair in try Golden.load().digamma {
      let error = abs(digamma(pair[0]) - pair[1])
      #expect(error <= 1e-12 * max(1, abs(pair[1])), "at \(pair[0])")
    }
  }

  @Test func correctedMomentsRemoveTheNoise() throws {
    let golden = try Golden.load()
    #expect(isNear(BetaPrior(momentsOf: golden.counts, corrected: false), golden.raw, 1e-10))
    #expect(isNear(BetaPrior(momentsOf: golden.counts), golden.corrected, 1e-10))
    // The noise makes rates look further apart than they are: a prior too weak.
    let weak = BetaPrior(momentsOf: golden.counts, corrected: false)
    #expect(weak.strength < 75 && BetaPrior(momentsOf: golden.counts).strength > 90)
  }

  @Test func theFixedPointCreepsUnlessItStartsNearby() throws {
    let golden = try Golden.load()
    let slow = BetaPrior(alpha: 1, beta: 1).improved(
      by: golden.counts, tolerance: 0, rounds: 600)
    #expect(isNear(slow, golden.from11After600, 1e-8))
    #expect(slow.strength < 60)
    let fitted = BetaPrior(fittedTo: golden.counts)
    #expect(isNear(fitted, golden.mostLikely, 0.01), "\(fitted)")
    #expect(
      isNear(
        BetaPrior(fittedTo: golden.counts, tolerance: 0, rounds: 20000),
        golden.mostLikely, 1e-4))
  }

  @Test func withoutOverdispersionThePriorIsStrong() {
    let same = (0..<50).map { _ in RateCounts(positives: 30, impressions: 1000) }
    let prior = BetaPrior(fittedTo: same)
    #expect(prior.strength > 0.999 * BetaPrior.largestStrength && abs(prior.mean - 0.03) < 1e-4)
    for counts in [[], [RateCounts()], [RateCounts(positives: 0, impressions: 9)]] {
      let prior = BetaPrior(fittedTo: counts)
      #expect(prior.alpha > 0 && prior.beta > 0 && prior.strength.isFinite)
    }
    let once = (0..<10).map { RateCounts(positives: Double($0 % 2), impressions: 1) }
    #expect(abs(BetaPrior(fittedTo: once).mean - 0.5) < 0.1)
    // Nothing but zeros and ones: rates lie as far apart as they can.
    let extremes = (0..<10).map { RateCounts(positives: Double($0 % 2) * 100, impressions: 100) }
    #expect(BetaPrior(fittedTo: extremes).strength < 1)
  }

  @Test func ratesShrinkToThePrior() {
    let prior = BetaPrior(alpha: 3, beta: 97)
    #expect(prior.rate(of: RateCounts()) == prior.mean)
    var last = prior.mean
    for impressions in stride(from: 10.0, through: 10_000, by: 10) {
      let rate = prior.rate(of: RateCounts(positives: impressions / 10, impressions: impressions))
      #expect(rate > last && rate < 0.1)
      last = rate
    }
    // One click of one no longer outranks a hundred of a thousand.
    let lucky = RateCounts(positives: 1, impressions: 1)
    let proven = RateCounts(positives: 100, impressions: 1000)
    #expect(prior.rate(of: lucky) < prior.rate(of: proven))
    #expect(
      WilsonInterval(RateCounts(positives: 1, impressions: 20)).lower
        < WilsonInterval(proven).lower)
  }

  @Test func wilsonsIntervalIsWideWhereLittleWasSeen() {
    for (counts, lower, upper) in [
      (RateCounts(positives: 1, impressions: 10), 0.017876, 0.404156),
      (RateCounts(positives: 100, impressions: 1000), 0.082909, 0.120152),
    ] {
      let interval = WilsonInterval(counts, quantile: 1.96)
      #expect(abs(interval.lower - lower) < 1e-6 && abs(interval.upper - upper) < 1e-6)
    }
    let nothing = WilsonInterval(RateCounts())
    #expect(nothing.lower == 0 && nothing.upper == 1)
    let all = WilsonInterval(RateCounts(positives: 5, impressions: 5))
    #expect(all.upper == 1 && all.lower > 0.5 && all.lower < 0.6)
    let certain = WilsonInterval(RateCounts(positives: 1, impressions: 4), quantile: 0)
    #expect(certain.lower == 0.25 && certain.upper == 0.25)
  }
}
