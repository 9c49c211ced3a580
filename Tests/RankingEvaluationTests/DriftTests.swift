import RankingEvaluation
import Testing

@Suite struct DriftTests {
  @Test func matchesTheWorkedExample() throws {
    let psi = try populationStability(expected: [1, 1, 1, 1], actual: [1, 2, 3, 4])
    #expect(close(psi, 0.228217, 1e-5))
    #expect(DriftBand(psi: psi) == .moderate)
    #expect(DriftBand(psi: 0.05) == .stable && DriftBand(psi: 0.26) == .large)
    // Symmetric, nothing for equal shares, finite for empty bins.
    #expect(close(psi, try populationStability(expected: [1, 2, 3, 4], actual: [1, 1, 1, 1])))
    #expect(try populationStability(expected: [2, 4], actual: [1, 2]) == 0)
    #expect(try populationStability(expected: [1, 0], actual: [0, 1]).isFinite)
  }

  @Test func matchesSciPy() throws {
    let golden = try Golden.load().drift
    let drift = try NumericDrift(expected: golden.first, actual: golden.second)
    #expect(close(drift.psi, golden.psi, 1e-10), "\(drift.psi) \(golden.psi)")
    #expect(close(drift.ks, golden.ks), "\(drift.ks) \(golden.ks)")
    #expect(drift.bins.count == 10)
    #expect(close(drift.bins.reduce(0) { $0 + $1.expected }, 1))
    #expect(close(drift.bins.reduce(0) { $0 + $1.actual }, 1))
  }

  @Test func noDriftBetweenHalvesOfOneSample() throws {
    var chance = Chance()
    let values = (0..<20_000).map { _ in chance.uniform() }
    let drift = try NumericDrift(
      expected: Array(values.prefix(10_000)), actual: Array(values.suffix(10_000)))
    #expect(drift.band == .stable && drift.psi < 0.01 && drift.ks < 0.03)
  }

  @Test func missingValuesAreABin() throws {
    let drift = try NumericDrift(
      expected: [1, 2, 3, 4, 5, 6, 7, 8], actual: [1, 2, 3, 4, .nan, .nan, .nan, .nan])
    #expect(drift.missingActual == 0.5 && drift.missingExpected == 0 && drift.band == .large)
    #expect(drift.bins.last?.actual == 0.5)
    let constant = try NumericDrift(expected: [1, 1, 1], actual: [1, 1])
    #expect(constant.psi == 0 && constant.ks == 0 && constant.bins.count == 1)
    let none = try NumericDrift(expected: [.nan], actual: [.nan, .nan])
    #expect(none.psi == 0 && none.ks == 0)
    #expect(throws: EvaluationError.self) { try NumericDrift(expected: [], actual: [1]) }
    #expect(throws: EvaluationError.self) { try NumericDrift(expected: [.infinity], actual: [1]) }
  }

  @Test func categoriesOtherAndNew() throws {
    let before = (0..<100).map { Int32($0 % 20) }
    let drift = try CategoryDrift(expected: before, actual: before, top: 5)
    #expect(drift.psi == 0 && drift.newShare == 0 && drift.bins.count == 7)
    #expect(close(drift.bins[5].expected, 0.75) && drift.bins[5].kind == .other)
    let after = before.map { $0 < 10 ? $0 : $0 + 30 }
    let moved = try CategoryDrift(expected: before, actual: after, top: 5)
    #expect(close(moved.newShare, 0.5) && moved.band == .large)
    #expect(moved.bins.last?.kind == .new)
    #expect(throws: EvaluationError.self) { try CategoryDrift(expected: [-1], actual: [0]) }
    #expect(throws: EvaluationError.self) { try CategoryDrift(expected: [], actual: [0]) }
  }

  @Test func rowsByValueLargestFirst() throws {
    let codes: [Int32] = [2, 0, 2, 5, 5, 2, 7]
    let parts = try GroupRows.parts(of: codes, limit: 2)
    #expect(parts.map(\.code) == [2, 5, nil])
    #expect(parts.map(\.rows) == [[0, 2, 5], [3, 4], [1, 6]])
    #expect(try GroupRows.parts(of: codes, limit: 9).map(\.code) == [2, 5, 0, 7])
    #expect(throws: EvaluationError.self) { try GroupRows.parts(of: [-1]) }
  }

  @Test func differencesBelowTheSpreadOfSeedsAreTies() throws {
    let base = [0.700, 0.702, 0.698, 0.701, 0.699]
    let tie = try SeedComparison(base, base.map { $0 + 0.001 })
    #expect(tie.verdict == .tie && tie.description.hasPrefix("A tie"))
    let better = try SeedComparison(base, base.map { $0 + 0.01 })
    #expect(better.verdict == .better && close(better.difference, 0.01, 1e-9))
    #expect(better.trainings == 5)
    let loss = try SeedComparison(base, base.map { $0 + 0.01 }, higherIsBetter: false)
    #expect(loss.verdict == .worse && loss.description.hasPrefix("Worse"))
    #expect(throws: EvaluationError.self) { try SeedComparison([0.7], base) }
  }
}
