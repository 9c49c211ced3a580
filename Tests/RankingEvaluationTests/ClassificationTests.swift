import Foundation
import RankingEvaluation
import Testing

@Suite struct ClassificationTests {
  /// The published AUC of DIN with Dice over that of the base model.
  @Test func relativeImprovementIsMeasuredFromChance() throws {
    let share = try #require(relativeImprovement(of: 0.8871, over: 0.8624))
    #expect(abs(share - 0.0682) < 5e-5)
    #expect(relativeImprovement(of: 0.7, over: 0.7) == 0)
    #expect(relativeImprovement(of: 0.5, over: 0.6) == -1)
    #expect(relativeImprovement(of: 0.6, over: 0.5) == nil)
  }

  @Test func matchesScikitLearn() throws {
    for golden in try Golden.load().pointwise {
      #expect(close(try auc(scores: golden.scores, labels: golden.labels), golden.auc))
      let grouped = try groupedAUC(
        scores: golden.scores, labels: golden.labels, groups: golden.groups)
      #expect(close(grouped.value, golden.groupedAuc))
      #expect(close(grouped.coverage, golden.coverage))
      let weights = golden.weights
      #expect(
        close(
          try auc(scores: golden.scores, labels: golden.labels, weights: weights),
          golden.weightedAuc))
      #expect(
        close(
          try groupedAUC(
            scores: golden.scores, labels: golden.labels, groups: golden.groups, weights: weights
          ).value, golden.weightedGroupedAuc))
      #expect(
        close(try precisionRecallAUC(scores: golden.scores, labels: golden.labels), golden.prAuc))
      #expect(
        close(
          try precisionRecallAUC(scores: golden.scores, labels: golden.labels, weights: weights),
          golden.weightedPrAuc))
      let p = golden.probabilities
      #expect(close(try logLoss(probabilities: p, labels: golden.labels), golden.logLoss))
      #expect(
        close(
          try logLoss(probabilities: p, labels: golden.labels, weights: golden.weights),
          golden.weightedLogLoss))
      #expect(
        close(
          try normalizedEntropy(probabilities: p, labels: golden.labels),
          golden.normalizedEntropy))
      let bins = try calibration(probabilities: p, labels: golden.labels, binCount: 10)
      #expect(close(bins.equalWidthError, golden.equalWidthError))
      #expect(close(bins.ratio, golden.ratio))
      #expect(bins.bins.reduce(0) { $0 + $1.count } == p.count)
      let weighted = try calibration(
        probabilities: p, labels: golden.labels, weights: golden.weights)
      #expect(close(weighted.ratio, golden.weightedRatio))
    }
    let mass = try Golden.load().equalMass
    let bins = try calibration(probabilities: mass.probabilities, labels: mass.labels)
    #expect(close(bins.error, mass.error))
    #expect(bins.bins.count == 15)
  }

  @Test func reversingScoresGivesTheComplement() throws {
    for golden in try Golden.load().pointwise {
      let reversed = try auc(scores: golden.scores.map { -$0 }, labels: golden.labels)
      #expect(close(reversed, 1 - golden.auc))
    }
  }

  @Test func aConstantScoreGivesOneHalf() throws {
    #expect(try auc(scores: [2, 2, 2, 2], labels: [0, 1, 1, 0]) == 0.5)
    #expect(try auc(scores: [0, -0.0, 0], labels: [0, 1, 0]) == 0.5)
  }

  @Test func monotoneTransformsChangeNothing() throws {
    let golden = try Golden.load().pointwise[0]
    let moved = golden.scores.map { $0 * 4 + 17 }
    #expect(try auc(scores: moved, labels: golden.labels) == golden.auc)
  }

  @Test func anIdealOrderScoresOne() throws {
    #expect(try auc(scores: [-3, 0.5, 2, -.greatestFiniteMagnitude], labels: [0, 1, 1, 0]) == 1)
  }

  @Test func oneUserMakesGroupedAUCTheAUC() throws {
    let golden = try Golden.load().pointwise[0]
    let grouped = try groupedAUC(
      scores: golden.scores, labels: golden.labels,
      groups: [Int32](repeating: 3, count: golden.scores.count))
    #expect(close(grouped.value, golden.auc))
    #expect(grouped.users == 1 && grouped.allUsers == 1 && grouped.coverage == 1)
  }

  @Test func theBaseRateIsCalibratedAndUseless() throws {
    let labels: [Float] = [1, 0, 0, 0, 1, 0, 0, 0]
    let p = [Float](repeating: 0.25, count: 8)
    let bins = try calibration(probabilities: p, labels: labels)
    #expect(bins.error == 0 && bins.equalWidthError == 0 && bins.ratio == 1)
    #expect(try auc(scores: p, labels: labels) == 0.5)
    #expect(close(try normalizedEntropy(probabilities: p, labels: labels), 1, 1e-12))
  }

  /// A weight of two is the row twice, in every metric that takes weights.
  @Test func aWeightOfTwoIsTheRowTwice() throws {
    let golden = try Golden.load().pointwise[0]
    let weights = golden.labels.indices.map { Float($0 % 3) }
    let rows = golden.labels.indices.flatMap { [Int](repeating: $0, count: $0 % 3) }
    func twice<Value>(_ values: [Value]) -> [Value] { rows.map { values[$0] } }
    let (scores, labels, p) = (golden.scores, golden.labels, golden.probabilities)
    #expect(
      close(
        try auc(scores: scores, labels: labels, weights: weights),
        try auc(scores: twice(scores), labels: twice(labels))))
    #expect(
      close(
        try precisionRecallAUC(scores: scores, labels: labels, weights: weights),
        try precisionRecallAUC(scores: twice(scores), labels: twice(labels))))
    #expect(
      close(
        try groupedAUC(scores: scores, labels: labels, groups: golden.groups, weights: weights)
          .value,
        try groupedAUC(
          scores: twice(scores), labels: twice(labels), groups: twice(golden.groups)
        ).value))
    let weighted = try calibration(probabilities: p, labels: labels, weights: weights)
    let repeated = try calibration(probabilities: twice(p), labels: twice(labels))
    #expect(close(weighted.error, repeated.error))
    #expect(close(weighted.equalWidthError, repeated.equalWidthError))
    let test = PairedBootstrap(resamples: 10)
    let zero = [Float](repeating: 0, count: scores.count)
    #expect(
      close(
        try test.aucDifference(
          zero, scores, labels: labels, groups: golden.groups, weights: weights
        ).estimate,
        try auc(scores: twice(scores), labels: twice(labels)) - 0.5))
  }

  @Test func precisionRecallOfAConstantIsTheBaseRate() throws {
    #expect(try precisionRecallAUC(scores: [1, 1, 1, 1], labels: [0, 1, 0, 0]) == 0.25)
    #expect(try precisionRecallAUC(scores: [3, 2, 1], labels: [1, 1, 0]) == 1)
    #expect(throws: EvaluationError.self) {
      try precisionRecallAUC(scores: [1, 2], labels: [0, 0])
    }
  }

  @Test func logitsAndProbabilitiesAgree() throws {
    let logits: [Float] = [-3, -0.5, 0, 1.25, 4]
    let labels: [Float] = [0, 1, 0.5, 1, 0]
    let p = logits.map { Float(1 / (1 + exp(-Double($0)))) }
    #expect(
      close(
        try logLoss(logits: logits, labels: labels),
        try logLoss(probabilities: p, labels: labels), 1e-6))
    #expect(try logLoss(logits: [500, -500], labels: [0, 0]) == 250)
    #expect(try logLoss(probabilities: [1], labels: [0]).isFinite)
  }

  @Test func badInputIsATypedError() {
    func code(_ body: () throws -> Void) -> EvaluationError.Code? {
      do {
        try body()
        return nil
      } catch { return (error as? EvaluationError)?.code }
    }
    #expect(code { _ = try auc(scores: [.nan, 1], labels: [0, 1]) } == .notFinite)
    #expect(code { _ = try auc(scores: [1], labels: [0, 1]) } == .lengthMismatch)
    #expect(code { _ = try auc(scores: [1, 2], labels: [0, 0.5]) } == .outOfRange)
    #expect(code { _ = try auc(scores: [1, 2], labels: [1, 1]) } == .oneClass)
    #expect(code { _ = try auc(scores: [], labels: []) } == .empty)
    #expect(
      code { _ = try groupedAUC(scores: [1, 2], labels: [1, 0], groups: [0, -1]) } == .outOfRange)
    #expect(
      code { _ = try groupedAUC(scores: [1, 2], labels: [1, 0], groups: [0, 1]) } == .oneClass)
    #expect(code { _ = try logLoss(probabilities: [1.5], labels: [1]) } == .outOfRange)
    #expect(
      code { _ = try logLoss(probabilities: [0.5], labels: [1], weights: [0]) } == .outOfRange)
    #expect(code { _ = try calibration(probabilities: [.nan], labels: [1]) } == .notFinite)
    #expect(
      code { _ = try auc(scores: [1, 2], labels: [1, 0], weights: [1]) } == .lengthMismatch)
    #expect(
      code { _ = try auc(scores: [1, 2], labels: [1, 0], weights: [1, -1]) } == .outOfRange)
    #expect(code { _ = try auc(scores: [1, 2], labels: [1, 0], weights: [0, 0]) } == .outOfRange)
    #expect(
      code { _ = try normalizedEntropy(probabilities: [0.5], labels: [1]) } == .oneClass)
  }
}
