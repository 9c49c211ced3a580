import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct CalibrationTests {
  /// Scores in thousands, of which the logit is 0.002 s - 1.
  private func sample(_ count: Int) -> (scores: [Float], labels: [Float]) {
    var random = RandomStream(seed: 3)
    var (scores, labels): ([Float], [Float]) = ([], [])
    for _ in 0..<count {
      let score = Float(1000 * random.nextNormal())
      let p = 1 / (1 + exp(1 - 0.002 * score))
      scores.append(score)
      labels.append(Float(random.nextUniform()) < p ? 1 : 0)
    }
    return (scores, labels)
  }

  @Test func plattFindsTheLogit() throws {
    let (scores, labels) = sample(20_000)
    let platt = try PlattScaling.fit(scores: scores, labels: labels)
    #expect(abs(platt.slope - 0.002) < 0.0001 && abs(platt.offset + 1) < 0.06, "\(platt)")
    let calibration = ScoreCalibration.platt(platt)
    let mean = scores.reduce(0) { $0 + calibration.probability(of: Double($1)) } / 20_000
    let rate = labels.reduce(0) { $0 + Double($1) } / 20_000
    #expect(abs(mean - rate) < 1e-3)
  }

  /// Without the corrected targets, separable scores would want an infinite slope. At the optimum the
  /// mean probability equals the mean target.
  @Test func separableScoresStayFinite() throws {
    let platt = try PlattScaling.fit(scores: [-2, -1, 1, 2], labels: [0, 0, 1, 1])
    let probabilities = [-2.0, -1, 1, 2].map { ScoreCalibration.platt(platt).probability(of: $0) }
    #expect(probabilities == probabilities.sorted())
    let total: Double = probabilities.reduce(0, +)
    #expect(abs(total - 2) < 1e-6)
    #expect(platt.slope < 10)
  }

  @Test func aWeightIsACopy() throws {
    let (scores, labels) = sample(200)
    let copied = try PlattScaling.fit(
      scores: scores + scores.prefix(50) + scores.prefix(50),
      labels: labels + labels.prefix(50) + labels.prefix(50))
    let weighted = try PlattScaling.fit(
      scores: scores, labels: labels, weights: (0..<200).map { $0 < 50 ? 3 : 1 })
    #expect(abs(copied.slope / weighted.slope - 1) < 1e-5)
    #expect(abs(copied.offset - weighted.offset) < 1e-5)
  }

  @Test func whatCannotBeCalibratedIsRefused() {
    for (scores, labels) in [
      ([1, 2, 3, 4], [1, 1, 0, 0]), ([1, 1, 1, 1], [1, 0, 1, 0]), ([1, 2, 3, 4], [1, 1, 1, 1]),
      ([1, .nan, 3, 4], [1, 0, 1, 0]),
    ] as [([Float], [Float])] {
      #expect(throws: RankerError.self) {
        try PlattScaling.fit(scores: scores, labels: labels)
      }
    }
    #expect(throws: RankerError.self) { try PlattScaling(slope: -1, offset: 0) }
  }

  /// Half of 10,000 rows at p = 0.5 and half at 0.01; one negative in 20 is kept.
  @Test func theBaseRateIsRestored() throws {
    let correction = try BaseRateCorrection(keptNegatives: 0.05)
    for p in [0.5, 0.01, 1e-9] {
      let sampled = p / (p + (1 - p) * 0.05)
      #expect(abs(correction(sampled) / p - 1) < 1e-9)
      let logit = log(sampled) - log(1 - sampled)
      let calibrated = ScoreCalibration.baseRate(correction).probability(of: logit)
      #expect(abs(calibrated / p - 1) < 1e-6)
    }
    #expect(correction(0) == 0 && correction(1) == 1)
    for share in [0, -1, 1.5, .nan] {
      #expect(throws: RankerError.self) { try BaseRateCorrection(keptNegatives: share) }
    }
  }

  /// The golden of the specification: three positives of weights 10, 20 and 30 among 100 rows.
  @Test func oddsBecomeExpectedWeights() throws {
    let odds = log(60.0 / 97)
    #expect(abs(exp(try OddsCorrection(positives: 0.03).logit(of: odds)) - 0.6) < 1e-12)
    // Half of the negatives left out.
    let thin = try OddsCorrection(positives: 0.03, keptNegatives: 0.5)
    #expect(abs(exp(thin.logit(of: log(60.0 / 48.5))) - 0.6) < 1e-12)
    #expect(throws: RankerError.self) { try OddsCorrection(positives: 1) }
    #expect(throws: RankerError.self) { try OddsCorrection(positives: 0, keptNegatives: 0) }
  }

  /// Two kinds of rows, clicked at 0.5 and 0.02; a model that saw one negative in 20 is corrected.
  @Test func aSampledModelRegainsTheTrueMean() throws {
    let groups: [(id: Int32, positives: Float, negatives: Float)] = [(1, 500, 500), (2, 20, 980)]
    var (ids, labels, weights): ([Int32], [Float], [Float]) = ([], [], [])
    for group in groups {
      ids += [group.id, group.id]
      labels += [1, 0]
      weights += [group.positives, group.negatives / 20]
    }
    let sampled = RankingBatch(count: 4, categorical: [ids], labels: labels, weights: weights)
    let model = try LogisticRegression(
      configuration: .init(),
      input: RankerInput(layout: FeatureLayout(categorical: [.init(name: "kind", rows: 3)])),
      seed: 1)
    LBFGS(tolerance: 1e-5).minimize(model) { model.loss(sampled, $0) }
    let correction = ScoreCalibration.baseRate(try BaseRateCorrection(keptNegatives: 0.05))
    let scores = model.scores(of: sampled.batch([0, 2])).map { Double($0) }
    let probabilities = scores.map { correction.probability(of: $0) }
    #expect(maximumDifference(probabilities, [0.5, 0.02]) < 1e-3)
    let mean = (probabilities[0] + probabilities[1]) / 2
    #expect(abs(mean - 520.0 / 2000) < 1e-3)
    #expect(logistic(scores[1]) > 0.2, "uncorrected, far too high")
  }

  private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  @Test func calibrationsSurviveAFile() throws {
    for calibration in [
      ScoreCalibration.none, .platt(try PlattScaling(slope: 2, offset: -1)),
      .baseRate(try BaseRateCorrection(keptNegatives: 0.1)),
      .odds(try OddsCorrection(positives: 0.2, keptNegatives: 0.5)),
    ] {
      let data = try JSONEncoder().encode(calibration)
      #expect(try JSONDecoder().decode(ScoreCalibration.self, from: data) == calibration)
    }
  }
}
