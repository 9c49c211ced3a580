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

/// Requests of random users at random times, three rows each on average.
private func randomLog(_ noise: inout Noise) -> (
  users: Table.TextColumn, requests: Table.TextColumn, times: Column<Int64>
) {
  let owners = (0..<80).map { _ in Int32.random(in: 0..<12, using: &noise) }
  let moments = (0..<80).map { _ in Int64.random(in: 0..<40, using: &noise) }
  let requests = (0..<240).map { $0 < 80 ? Int32($0) : Int32.random(in: 0..<80, using: &noise) }
    .shuffled(using: &noise)
  return (
    Table.TextColumn(
      name: "user", codes: Column(requests.map { owners[Int($0)] }),
      values: TextValues((0..<12).map { "u\($0)" })),
    Table.TextColumn(
      name: "request", codes: Column(requests), values: TextValues((0..<80).map { "r\($0)" })),
    Column(requests.map { moments[Int($0)] })
  )
}

/// Each row once; no request in two parts.
private func check(_ rows: SplitRows, _ requests: Table.TextColumn) {
  #expect((rows.train + rows.validation + rows.test).sorted() == Array(0..<240))
  let parts = [rows.train, rows.validation, rows.test]
  #expect(parts.allSatisfy { zip($0, $0.dropFirst()).allSatisfy { $0 < $1 } })
  let sets = parts.map { Set($0.map { requests.codes[Int($0)] }) }
  #expect(sets[0].isDisjoint(with: sets[1]) && sets[0].isDisjoint(with: sets[2]))
  #expect(sets[1].isDisjoint(with: sets[2]))
}

@Suite struct OtherSplitTests {
  @Test(arguments: [nil, HoldLastSplit.Shares(validation: 0.2, test: 0.3)])
  func holdLastFollowsTheUsersTime(shares: HoldLastSplit.Shares?) throws {
    var noise = Noise()
    for _ in 0..<50 {
      let log = randomLog(&noise)
      let rows = try HoldLastSplit(shares).rows(
        users: log.users.codes, userCount: 12, requests: log.requests.codes, requestCount: 80,
        times: log.times)
      check(rows, log.requests)
      for user in 0..<Int32(12) {
        func times(_ part: [Int32]) -> [Int64] {
          part.filter { log.users.codes[Int($0)] == user }.map { log.times[Int($0)] }
        }
        func requests(_ part: [Int32]) -> Int {
          Set(part.filter { log.users.codes[Int($0)] == user }.map { log.requests.codes[Int($0)] })
            .count
        }
        let all = requests(Array(0..<240))
        let wanted = shares.map { (Double(all) * $0.test).rounded() } ?? 1
        let held = shares.map { (Double(all) * $0.validation).rounded() } ?? 1
        #expect(requests(rows.test) == (all > 1 ? max(1, Int(wanted)) : 0))
        #expect(requests(rows.validation) == (all > 2 ? max(1, Int(held)) : 0))
        let (train, validation, test) = (
          times(rows.train), times(rows.validation), times(rows.test)
        )
        #expect((train.max() ?? 0) <= (validation.min() ?? test.min() ?? .max))
        #expect((validation.max() ?? 0) <= (test.min() ?? .max))
      }
    }
  }

  @Test func chancePartsRequestsOrUsersForGood() throws {
    var noise = Noise()
    for seed in 1...20 as ClosedRange<UInt64> {
      let log = randomLog(&noise)
      let random = try RandomSplit(validation: 0.2, test: 0.2, seed: seed).rows(
        requests: log.requests)
      check(random, log.requests)
      guard
        let group = try? GroupSplit(validation: 0.3, test: 0.3, seed: seed).rows(users: log.users)
      else { continue }
      check(group, log.requests)
      let users = [group.train, group.validation, group.test].map {
        Set($0.map { log.users.codes[Int($0)] })
      }
      #expect(users[0].isDisjoint(with: users[1]) && users[0].isDisjoint(with: users[2]))
      #expect(users[1].isDisjoint(with: users[2]))
    }
    // An id keeps its part in another log, and the shares are met.
    func column(_ ids: [Int]) -> Table.TextColumn {
      Table.TextColumn(
        name: "user", codes: Column(ids.indices.map(Int32.init)),
        values: TextValues(ids.map { "id\($0)" }))
    }
    let split = GroupSplit(validation: 0.1, test: 0.3, seed: 5)
    let all = try split.rows(users: column(Array(0..<20_000)))
    let later = try split.rows(users: column(Array(5000..<6000)))
    #expect(later.test.map { $0 + 5000 } == all.test.filter { (5000..<6000).contains($0) })
    #expect(abs(all.test.count - 6000) < 300 && abs(all.validation.count - 2000) < 200)
    let other = try GroupSplit(validation: 0.1, test: 0.3, seed: 6).rows(
      users: column(Array(0..<20_000)))
    #expect(other.test != all.test)
  }

  @Test func readyPartsAreTheirFiles() throws {
    let sources = [2, 1, 2, 1].map { Table.Source(name: "f", count: $0) }
    func column(_ codes: [Int32]) -> Table.TextColumn {
      Table.TextColumn(
        name: "request", codes: Column(codes), values: TextValues(["a", "b", "c", "d"]))
    }
    let parts = ReadyParts(train: 2, validation: 1, test: 1)
    let rows = try parts.rows(sources: sources, requests: column([0, 0, 0, 1, 1, 2]))
    #expect(rows == SplitRows(train: [0, 1, 2], validation: [3, 4], test: [5]))
    let torn = failure {
      _ = try parts.rows(sources: sources, requests: column([0, 0, 1, 1, 2, 2]))
    }
    #expect(torn?.problem.contains("\"b\" has rows in the files for training and") == true)
    let none = failure {
      _ = try ReadyParts(train: 2, validation: 1, test: 1).rows(
        sources: sources.dropLast() + [Table.Source(name: "g", count: 0)],
        requests: column([0, 0, 0, 1, 1]))
    }
    #expect(none?.code == .insufficientData)
  }

  @Test func emptyPartsAreErrors() {
    let one = Table.TextColumn(name: "r", codes: [0, 0], values: TextValues(["a"]))
    #expect(
      failure { _ = try RandomSplit(validation: 0.3, test: 0.3).rows(requests: one) }?.code
        == .insufficientData)
    #expect(
      failure { _ = try RandomSplit(validation: 0.5, test: 0.5).rows(requests: one) }?.code
        == .badValue)
    #expect(
      failure {
        _ = try HoldLastSplit().rows(
          users: [0, 0], userCount: 1, requests: [0, 0], requestCount: 1, times: [1, 1])
      }?.code == .insufficientData)
    for shares in [(0, 0.5), (0.5, 0), (0.5, 0.5), (.nan, 0.1)] {
      #expect(
        failure {
          _ = try HoldLastSplit(.init(validation: shares.0, test: shares.1)).rows(
            users: [0, 0, 0], userCount: 1, requests: [0, 1, 2], requestCount: 3,
            times: [1, 2, 3])
        }?.code == .badValue)
    }
  }
}
