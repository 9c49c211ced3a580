import RankingData
import Testing

/// A random log of `rows` impressions in which many timestamps coincide.
private func randomLog(rows: Int, schema: RankingSchema) throws -> ImpressionLog {
  var noise = Noise()
  var lines = ["request,user,item,timestamp,click,c1,c2,c3,c4,n1,n2"]
  for row in 0..<rows {
    let numbers = (0..<8).map { _ in Int.random(in: 0..<1000, using: &noise) }
    lines.append(
      "r\(row),u\(numbers[0] % 40),i\(numbers[1]),\(numbers[2]),\(numbers[3] % 2),"
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
}
