import Foundation
import RankingData
import Testing

/// Rows of a small log, which tests change.
private struct Row {
  var request: Int
  var user, item, category: String
  var time: Int
  var click: Int
}

private func randomRows(_ count: Int, seed: UInt64 = 1) -> [Row] {
  var noise = Noise(state: seed)
  return (0..<count).map { row in
    let item = Int.random(in: 0..<12, using: &noise)
    return Row(
      request: row / 2, user: "u\(row / 2 % 9)", item: "i\(item)", category: "c\(item % 3)",
      time: 100 + row / 2 / 3 * 10, click: Int.random(in: 0..<4, using: &noise) == 0 ? 1 : 0)
  }
}

private func log(_ rows: [Row], _ schema: RankingSchema) throws -> ImpressionLog {
  let lines = rows.map {
    "r\($0.request),\($0.user),\($0.item),\($0.category),\($0.time),\($0.click)"
  }
  let csv = (["request,user,item,category,timestamp,click"] + lines).joined(separator: "\n")
  return try ImpressionLog(Table(csv: csv), catalogue: nil, schema: schema)
}

/// The counters' numbers of every row, when all rows are trained on.
private func features(_ rows: [Row], _ schema: RankingSchema) throws -> [[Float]] {
  let log = try log(rows, schema)
  let transform = try FeatureTransform.fit(log, schema: schema)
  let all = Array(0..<Int32(rows.count))
  let numbers = try CompiledLog(log, transform: transform, training: all).batch(all).numeric
  let width = transform.layout.numericWidth
  return rows.indices.map { Array(numbers[$0 * width..<($0 + 1) * width]) }
}

private func schema(_ counters: [CounterField], timestamp: String? = "timestamp") -> RankingSchema {
  RankingSchema(timestamp: timestamp, counters: counters)
}

@Suite struct CounterTests {
  @Test(arguments: [nil, 25.0])
  func countsAreThoseOfStrictlyEarlierRows(_ halfLife: Double?) throws {
    let rows = randomRows(400)
    let prior = BetaPrior(alpha: 2, beta: 6)
    let field = CounterField(
      by: ["item"], smoothing: .fixed(prior), fallback: ["category"], halfLife: halfLife,
      minimumSamples: 0, transform: .none)
    let numbers = try features(rows, schema([field]))
    for (index, row) in rows.enumerated() {
      func counts(_ isCounted: (Row) -> Bool) -> RateCounts {
        var counts = RateCounts()
        for other in rows where other.time < row.time && isCounted(other) {
          let weight = halfLife.map { exp2(-Double(row.time - other.time) / $0) } ?? 1
          counts.impressions += weight
          counts.positives += weight * Double(other.click)
        }
        return counts
      }
      let own = counts { $0.item == row.item }
      let kin = counts { $0.category == row.category }
      let all = counts { _ in true }
      func shrunk(_ counts: RateCounts, to rate: Double) -> Double {
        BetaPrior(mean: rate, strength: 8).rate(of: counts)
      }
      let rate = shrunk(own, to: shrunk(kin, to: prior.rate(of: all)))
      #expect(abs(Double(numbers[index][0]) - rate) < 1e-6)
      #expect(abs(Double(numbers[index][2]) - log1p(own.impressions)) < 1e-5)
      if own.impressions > 0 {
        #expect(abs(Double(numbers[index][1]) - WilsonInterval(own).lower) < 1e-6)
      }
    }
  }

  /// The probe of the leak: whatever happens at or after a row's request, the row says the same.
  @Test func laterEventsChangeNothing() throws {
    let schema = schema([
      CounterField(by: ["item"], fallback: ["category"], halfLife: 40, transform: .none),
      CounterField(by: ["user", "category"], transform: .none),
    ])
    let rows = randomRows(500)
    let before = try features(rows, schema)
    var noise = Noise(state: 9)
    for cut in [150, 290, 480, 800] {
      var changed = rows
      for index in rows.indices where rows[index].time >= cut { changed[index].click = 1 }
      for plant in 0..<40 {
        let row = rows.randomElement(using: &noise) ?? rows[0]
        changed.append(
          Row(
            request: 10_000 + plant, user: row.user, item: row.item, category: row.category,
            time: cut + plant, click: 1))
      }
      let after = try features(changed, schema)
      for index in rows.indices where rows[index].time <= cut {
        #expect(before[index] == after[index])
      }
    }
    // The order of the file, and that of rows of one moment, means nothing.
    let order = rows.indices.shuffled(using: &noise)
    let shuffled = try features(order.map { rows[$0] }, schema)
    for (place, index) in order.enumerated() { #expect(shuffled[place] == before[index]) }
  }

  /// Rows that are not trained on are counted nowhere.
  @Test func onlyTrainingRowsAreCounted() throws {
    let schema = schema([CounterField(by: ["item"], transform: .none)])
    let rows = randomRows(400)
    let log = try log(rows, schema)
    let training = (0..<Int32(400)).filter { rows[Int($0)].time < 400 }
    let transform = try FeatureTransform.fit(log, schema: schema, rows: training)
    let later = (0..<Int32(400)).filter { rows[Int($0)].time >= 400 }
    let compiled = try CompiledLog(log, transform: transform, training: training)
    let served = try CompiledLog(log, transform: transform)
    #expect(compiled.batch(later) == served.batch(later))
    #expect(compiled.batch(training) != served.batch(training))
    // A log of other rows is no training log: it is told what requests are.
    let other = try CompiledLog(log, transform: transform, training: later)
    #expect(other.batch(training) == served.batch(training))
  }

  @Test func onlyPositivesAreNoEvidenceYet() throws {
    var rows: [Row] = []
    for time in 0..<60 {
      rows.append(
        Row(
          request: time, user: "u", item: "old", category: "c", time: time,
          click: time % 10 == 0 ? 1 : 0))
      rows.append(
        Row(
          request: 100 + time, user: "u", item: "lucky", category: "d", time: time, click: 1))
    }
    rows.append(Row(request: 500, user: "u", item: "none", category: "d", time: 99, click: 0))
    let field = CounterField(
      by: ["item"], outputs: [.rate, .lower], smoothing: .fixed(BetaPrior(alpha: 1, beta: 9)),
      transform: .none)
    let numbers = try features(rows, schema([field]))
    // Rows of the lucky item after 1, 19 and 20 clicks of as many impressions.
    #expect(numbers[3] == [0.1, 0] && numbers[39] == [0.1, 0])
    #expect(numbers[41][0] == Float(21.0 / 30) && numbers[41][1] > 0.8)
    #expect(numbers[120] == [0.1, 0])
  }

  @Test func withoutTimesARowKnowsOtherRequestsOnly() throws {
    let schema = schema(
      [CounterField(by: ["user"], outputs: [.rate, .logImpressions], transform: .none)],
      timestamp: nil)
    let rows = randomRows(400)
    let before = try features(rows, schema)
    #expect(Set(before.map { $0[1] }).count > 5)
    for request in [0, 7, 100] {
      var changed = rows
      for index in rows.indices where rows[index].request == request { changed[index].click = 1 }
      let after = try features(changed, schema)
      for index in rows.indices where rows[index].request == request {
        #expect(before[index] == after[index])
      }
      #expect(before != after)
    }
  }

  @Test func aRequestWithoutATimeIsServedAsOfTheEnd() throws {
    let schema = schema([CounterField(by: ["item"], halfLife: 100, transform: .none)])
    let rows = randomRows(200)
    let log = try log(rows, schema)
    let transform = try FeatureTransform.fit(log, schema: schema)
    func numbers(_ time: Int64?) -> [Float] {
      transform.batch(
        for: RankingRequest(id: "r", timestamp: time, items: [Candidate(id: "i3")])
      ).numeric
    }
    let end = Int64(rows[199].time)
    #expect(numbers(nil) == numbers(end))
    #expect(numbers(end + 1000)[2] < numbers(end)[2])
    #expect(numbers(.max).allSatisfy(\.isFinite) && numbers(.min).allSatisfy(\.isFinite))
  }
}
