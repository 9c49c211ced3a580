import RankingData
import Testing

/// A random log of `rows` impressions in which many timestamps coincide.
private func randomLog(rows: Int, schema: RankingSchema) throws -> ImpressionLog {
  var noise = Noise()
  var lines = ["request,user,item,timestamp,click,c1,c2,c3,c4,n1,n2"]
  for row in 0..<rows {
    let numbers = (0..<8).map { _ in Int.random(in: 0..<1000, using: &noise) }
    lines.append(
      "r\(row / 5),u\(numbers[0] % 40),i\(numbers[1]),\(numbers[2]),\(numbers[3] % 2),"
        + "\(numbers[4]),\(numbers[5]),\(numbers[6]),\(numbers[7]),\(numbers[4])5,0.\(numbers[5])")
  }
  return try ImpressionLog(
    Table(csv: lines.joined(separator: "\n")), catalogue: nil, schema: schema)
}

@Suite struct BatchTests {
  @Test func historiesMatchTheirDefinition() throws {
    let schema = RankingSchema(multiValued: [.init(name: "history", limit: 4)])
    let log = try randomLog(rows: 1500, schema: schema)
    let transform = try FeatureTransform.fit(log, schema: schema)
    let batch = try CompiledLog(log, transform: transform).batch(Array(0..<1500))
    for row in 0..<1500 {
      let before = (0..<1500).filter {
        log.users[$0] == log.users[row] && log.labels[$0] == 1
          && log.timestamps[$0] < log.timestamps[row]
      }.sorted { (log.timestamps[$0], $0) < (log.timestamps[$1], $1) }
      let expected = before.suffix(4).map { transform.bags[0].row(of: log.items[$0]) }
      #expect(Array(batch.bags[0][row]) == expected)
    }
  }

  @Test func futureRowsChangeNoFeature() throws {
    let schema = RankingSchema(multiValued: [.init(name: "history")])
    let head = "request,user,item,timestamp,click\nr1,u,a,1,1\nr2,u,b,2,0\n"
    func history(_ tail: String) throws -> [Int32] {
      let log = try ImpressionLog(Table(csv: head + tail), catalogue: nil, schema: schema)
      let transform = try FeatureTransform.fit(log, schema: schema, rows: [0])
      return Array(try CompiledLog(log, transform: transform).batch([1]).bags[0][0])
    }
    #expect(try history("") == [1])
    #expect(try history("r2,u,a,2,1\nr3,u,a,3,1\n") == [1])
  }

  @Test func shufflingIsAPermutationThatASeedFixes() throws {
    let schema = RankingSchema(categorical: [.init(name: "item")])
    let log = try randomLog(rows: 1000, schema: schema)
    let compiled = try CompiledLog(log, transform: FeatureTransform.fit(log, schema: schema))
    func requests(_ seed: UInt64?, _ epoch: Int) -> [Int32] {
      let batches = compiled.batches(of: Array(100..<900), size: 64, seed: seed, epoch: epoch)
      #expect(batches.batchCount == 13)
      return batches.flatMap(\.requests)
    }
    let plain = requests(nil, 0)
    #expect(plain == (100..<900).map { log.requests.codes[$0] })
    let shuffled = requests(7, 0)
    #expect(shuffled != plain && shuffled.sorted() == plain.sorted())
    #expect(requests(7, 0) == shuffled)
    #expect(requests(7, 1) != shuffled && requests(8, 0) != shuffled)
  }

  @Test func gatheringIsFast() throws {
    let schema = RankingSchema(
      categorical: ["user", "item", "c1", "c2", "c3", "c4"].map { .init(name: $0) },
      multiValued: [.init(name: "history", limit: 10)],
      numeric: [.init(name: "n1"), .init(name: "n2"), .init(name: "c1")])
    let log = try randomLog(rows: 100_000, schema: schema)
    let compiled = try CompiledLog(log, transform: FeatureTransform.fit(log, schema: schema))
    var rows = 0
    let time = ContinuousClock().measure {
      for epoch in 0..<3 {
        for batch in compiled.batches(size: 1024, seed: 1, epoch: epoch) { rows += batch.count }
      }
    }
    #expect(rows == 300_000)
    // Measured at several million rows a second; the bound leaves room for a busy machine.
    #expect(time < .milliseconds(900), "\(time)")
  }
}
