import RankingData
import Testing

@Suite struct SplitTests {
  @Test func noTimestampStraddles() throws {
    var noise = Noise()
    for _ in 0..<200 {
      let times = (0..<60).map { _ in Int64.random(in: 0..<20, using: &noise) }
      let rows = try TimeSplit.fractions(validation: 0.2, test: 0.2).rows(of: times)
      #expect((rows.train + rows.validation + rows.test).sorted() == Array(0..<60))
      let train = rows.train.map { times[Int($0)] }
      let validation = rows.validation.map { times[Int($0)] }
      let test = rows.test.map { times[Int($0)] }
      #expect((train.max() ?? 0) < (validation.min() ?? 0))
      #expect((validation.max() ?? 0) < (test.min() ?? 0))
      // A cut lies at a change of timestamp, so it misses the wanted share by at most half a run.
      let longest = Set(times).map { time in times.count { $0 == time } }.max() ?? 0
      #expect(abs(test.count - 12) * 2 <= longest + 1)
    }
  }

  @Test func cutsAreTheFirstTimestamps() throws {
    let rows = try TimeSplit.cuts(validation: 5, test: 8).rows(of: [9, 5, 4, 8, 7, 1])
    #expect(rows.train == [2, 5] && rows.validation == [1, 4] && rows.test == [0, 3])
    let all = try TimeSplit.fractions(validation: 0, test: 0).rows(of: [3, 1, 2])
    #expect(all.train == [0, 1, 2])
    let two = try TimeSplit.fractions(validation: 0, test: 0.25).rows(of: [1, 2, 3, 4])
    #expect(two.train == [0, 1, 2] && two.validation.isEmpty && two.test == [3])
  }

  @Test func emptyPartsAreErrors() {
    let split = TimeSplit.fractions(validation: 0.2, test: 0.2)
    #expect(failure { _ = try split.rows(of: [5, 5, 5]) }?.code == .insufficientData)
    #expect(failure { _ = try split.rows(of: []) }?.code == .insufficientData)
    #expect(
      failure { _ = try TimeSplit.fractions(validation: 0.5, test: 0.5).rows(of: [1]) }?.code
        == .badValue)
    #expect(
      failure { _ = try TimeSplit.cuts(validation: 2, test: 1).rows(of: [1]) }?.code == .badValue)
    #expect(
      failure { _ = try TimeSplit.cuts(validation: 0, test: 3).rows(of: [1, 5]) }?.code
        == .insufficientData)
  }
}
