import RankingEvaluation
import Testing

@Suite struct SignificanceTests {
  /// Reproducible noise in [-0.5, 0.5).
  struct Noise {
    var state: UInt64 = 9
    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) / Double(1 << 31) - 0.5
    }
  }

  @Test func findsARealDifferenceAndNotAnImaginedOne() throws {
    var noise = Noise()
    let base = (0..<500).map { _ in noise.next() }
    let better = base.map { $0 + 0.05 + 0.2 * noise.next() }
    let half = (0..<250).map { _ in 0.2 * noise.next() }
    let same = zip(base, half + half.map { -$0 }).map { $0 + $1 }
    let test = PairedBootstrap(seed: 4)
    let found = try test.meanDifference(base, better)
    #expect(found.isSignificant && found.lower > 0.03 && found.upper < 0.07)
    #expect(found.lower < found.estimate && found.estimate < found.upper)
    #expect(try !test.meanDifference(base, same).isSignificant)
  }

  @Test func theIntervalHasTheWidthTheoryGives() throws {
    var noise = Noise()
    let zero = [Double](repeating: 0, count: 2000)
    let values = zero.map { _ in noise.next() }
    let interval = try PairedBootstrap(resamples: 4000).meanDifference(zero, values)
    // A uniform variable has variance 1/12; the mean of n is near normal.
    let expected = 2 * 1.96 * (1.0 / 12 / 2000).squareRoot()
    #expect(close(interval.upper - interval.lower, expected, 0.05 * expected))
  }

  @Test func theSameSeedGivesTheSameInterval() throws {
    let a = [1.0, 2, 3, 4], b = [2.0, 2, 5, 4]
    let first = try PairedBootstrap(seed: 1).meanDifference(a, b)
    #expect(try PairedBootstrap(seed: 1).meanDifference(a, b) == first)
    #expect(try PairedBootstrap(seed: 1).meanDifference(a, a).upper == 0)
  }

  /// Rows of 300 users, the second score less noisy.
  private func rows() -> (a: [Float], b: [Float], labels: [Float], groups: [Int32]) {
    var noise = Noise()
    var result: (a: [Float], b: [Float], labels: [Float], groups: [Int32]) = ([], [], [], [])
    for user in 0..<300 {
      let taste = noise.next()
      for _ in 0..<10 {
        let truth = noise.next() + taste
        result.labels.append(truth + 0.5 * noise.next() > 0.2 ? 1 : 0)
        result.a.append(Float(truth + 2 * noise.next()))
        result.b.append(Float(truth + 1.5 * noise.next()))
        result.groups.append(Int32(user))
      }
    }
    return result
  }

  @Test func theProjectionAgreesWithResamplingRows() throws {
    let data = rows()
    let test = PairedBootstrap(resamples: 400, seed: 3)
    let fast = try test.aucDifference(data.a, data.b, labels: data.labels, groups: data.groups)
    #expect(
      close(
        fast.estimate,
        try auc(scores: data.b, labels: data.labels) - auc(scores: data.a, labels: data.labels)))
    var noise = Noise()
    var slow: [Double] = []
    for _ in 0..<400 {
      var drawn: [Int] = []
      for _ in 0..<300 {
        let user = min(299, Int((noise.next() + 0.5) * 300))
        drawn.append(contentsOf: user * 10..<user * 10 + 10)
      }
      let labels = drawn.map { data.labels[$0] }
      slow.append(
        try auc(scores: drawn.map { data.b[$0] }, labels: labels)
          - auc(scores: drawn.map { data.a[$0] }, labels: labels))
    }
    slow.sort()
    let width = slow[389] - slow[10]
    #expect(close(fast.lower, slow[10], 0.15 * width))
    #expect(close(fast.upper, slow[389], 0.15 * width))
    #expect(fast.isSignificant)
  }

  /// Several statistics of the same draws: a ratio is what `ratioDifference` gives.
  @Test func statisticsOfSumsAreThoseOfRatios() throws {
    var noise = Noise()
    let units = (0..<200).map { _ in
      SIMD8(noise.next(), noise.next() + 1, noise.next(), 1, 0, 0, 0, 0)
    }
    let test = PairedBootstrap(resamples: 300, seed: 8)
    let intervals = try test.intervals(of: units, [{ $0[0] / $0[1] }, { $0[2] / $0[3] }])
    let ratio = try test.ratioDifference(
      units.map { _ in 0 }, units.map { $0[0] }, weights: units.map { $0[1] })
    #expect(close(intervals[0].lower, ratio.lower) && close(intervals[0].upper, ratio.upper))
    #expect(close(intervals[1].estimate, units.reduce(0) { $0 + $1[2] } / 200))
    #expect(throws: EvaluationError.self) { try test.intervals(of: [], []) }
  }

  /// The weights of a draw are the rows drawn: the fast interval is the slow one.
  @Test func precisionRecallByWeightsIsByRows() throws {
    let data = rows()
    let test = PairedBootstrap(resamples: 300, seed: 3)
    let fast = try test.precisionRecallDifference(
      [data.a], [data.b], labels: data.labels, groups: data.groups)
    let estimate =
      try precisionRecallAUC(scores: data.b, labels: data.labels)
      - precisionRecallAUC(scores: data.a, labels: data.labels)
    #expect(close(fast.estimate, estimate))
    #expect(fast.isSignificant && fast.lower < estimate && estimate < fast.upper)
    var noise = Noise()
    var slow: [Double] = []
    for _ in 0..<300 {
      var drawn: [Int] = []
      for _ in 0..<300 {
        let user = min(299, Int((noise.next() + 0.5) * 300))
        drawn.append(contentsOf: user * 10..<user * 10 + 10)
      }
      let labels = drawn.map { data.labels[$0] }
      slow.append(
        try precisionRecallAUC(scores: drawn.map { data.b[$0] }, labels: labels)
          - precisionRecallAUC(scores: drawn.map { data.a[$0] }, labels: labels))
    }
    slow.sort()
    let width = slow[292] - slow[7]
    #expect(close(fast.lower, slow[7], 0.2 * width) && close(fast.upper, slow[292], 0.2 * width))
    let own = try test.precisionRecallDifference(
      [], [data.b], labels: data.labels, groups: data.groups)
    #expect(close(own.estimate, try precisionRecallAUC(scores: data.b, labels: data.labels)))
    let none = try test.precisionRecallDifference(
      [data.a], [data.a], labels: data.labels, groups: data.groups)
    #expect(none.lower == 0 && none.upper == 0)
  }

  @Test func groupedDifferences() throws {
    let data = rows()
    let interval = try PairedBootstrap().groupedAUCDifference(
      data.a, data.b, labels: data.labels, groups: data.groups)
    let a = try groupedAUC(scores: data.a, labels: data.labels, groups: data.groups)
    let b = try groupedAUC(scores: data.b, labels: data.labels, groups: data.groups)
    #expect(close(interval.estimate, b.value - a.value))
    #expect(interval.isSignificant)
    let none = try PairedBootstrap().groupedAUCDifference(
      data.a, data.a, labels: data.labels, groups: data.groups)
    #expect(none.lower == 0 && none.upper == 0 && !none.isSignificant)
  }

  @Test func badInputIsATypedError() {
    let test = PairedBootstrap(resamples: 10)
    #expect(throws: EvaluationError.self) { try test.meanDifference([1], [1, 2]) }
    #expect(throws: EvaluationError.self) { try test.meanDifference([1], [.nan]) }
    #expect(throws: EvaluationError.self) { try test.meanDifference([Double](), []) }
  }

  /// Σ of values over Σ of weights, whatever a unit brings of them.
  @Test func ratiosWeighValuesNotUnits() throws {
    let test = PairedBootstrap(seed: 2)
    // One unit has 99 values of ½, another a single one: there is nothing to vary.
    let flat = try test.ratioDifference([0, 0], [49.5, 0.5], weights: [99, 1])
    #expect(flat.estimate == 0.5 && flat.lower == 0.5 && flat.upper == 0.5)
    let mixed = try test.ratioDifference([0, 0, 0], [10, 0, 6], weights: [10, 10, 20])
    #expect(close(mixed.estimate, 0.4))
    #expect(mixed.lower >= 0 && mixed.upper <= 1 && mixed.lower < mixed.upper)
    // With one value a unit it is the mean.
    let a = [1.0, 2, 3, 4], b = [2.0, 2, 5, 4]
    let mean = try test.meanDifference(a, b)
    let ratio = try test.ratioDifference(a, b, weights: [1, 1, 1, 1])
    #expect(close(ratio.lower, mean.lower) && close(ratio.upper, mean.upper))
    for weights in [[0.0, 0], [-1, 2], [.nan, 1], [1]] {
      #expect(throws: EvaluationError.self) {
        try test.ratioDifference([0, 0], [1, 1], weights: weights)
      }
    }
  }

  /// A million rows through every sort and count.
  @Test func manyRows() throws {
    var noise = Noise()
    let scores = (0..<1_000_000).map { _ in Float(noise.next()) }
    let labels = scores.map { Float(noise.next()) < $0 ? Float(1) : 0 }
    let groups = (0..<Int32(1_000_000)).map { $0 % 50_000 }
    let whole = try auc(scores: scores, labels: labels)
    let grouped = try groupedAUC(scores: scores, labels: labels, groups: groups)
    // Groups are random, so the order within them is that of the whole.
    #expect(abs(whole - grouped.value) < 0.005 && whole > 0.7)
    let none = try PairedBootstrap(resamples: 20).aucDifference(
      scores, scores, labels: labels, groups: groups)
    #expect(abs(none.lower) < 1e-12 && abs(none.upper) < 1e-12)
  }
}
