import RankingData
import Testing

@Suite struct NegativeLogTests {
  private static let schema = RankingSchema(
    categorical: [.init(name: "item"), .init(name: "device"), .init(name: "color")],
    multiValued: [.init(name: "history")], numeric: [.init(name: "price", transform: .none)])

  /// Prices change from day to day, colours stay with their item, devices with their request.
  private func log(lists: Bool) throws -> ImpressionLog {
    var lines = ["request,user,item,timestamp,click,device,color,price"]
    for day in 0..<40 {
      for place in 0..<(lists ? 3 : 1) {
        let item = (day * 7 + place * 5) % 12
        lines.append(
          "r\(day),u\(day % 4),i\(item),\(1000 + day),\(place == 0 ? 1 : 0),d\(day % 5),c\(item % 5),"
            + "\(item * 100 + day)")
      }
    }
    return try ImpressionLog(
      Table(csv: lines.joined(separator: "\n")), catalogue: nil, schema: Self.schema)
  }

  private func plan(_ yaml: String) throws -> NegativePlan {
    try NegativePlan(ConfigurationNode(yaml: yaml))
  }

  /// Who and when is the positive's; what the item looked like is its own last row's.
  @Test(arguments: [true, false])
  func drawnRowsAreTheRequestsWithAnotherItem(lists: Bool) throws {
    let log = try log(lists: lists)
    let rows = Array(0..<Int32(log.count))
    let plan = try plan("{per_positive: 3, weight: 0.5}")
    let drawn = log.drawNegatives(plan, for: rows, training: rows)
    let longer = log.adding(drawn, plan, training: rows)
    #expect(drawn.count > 40 && longer.count == log.count + drawn.count)
    let devices = try longer.text("device")
    let colors = try longer.text("color")
    let prices = try longer.numbers("price")
    for index in 0..<drawn.count {
      let (row, positive) = (log.count + index, Int(drawn.positives[index]))
      let donor = Int(drawn.donors[index])
      #expect(longer.users[row] == log.users[positive])
      #expect(longer.requests[row] == log.requests[positive])
      #expect(longer.timestamps[row] == log.timestamps[positive])
      #expect(devices[row] == devices[positive])
      #expect(longer.items[row] == log.items[donor])
      #expect(colors[row] == colors[donor])
      if lists { #expect(prices[row] == prices[donor], "a price of its own day") }
      #expect(longer.labels[row] == 0 && longer.weights[row] == 0.5)
    }
    for row in 0..<log.count {
      #expect(longer.labels[row] == log.labels[row] && longer.items[row] == log.items[row])
    }
  }

  /// Histories, counters and vocabularies are as they were without the drawn rows.
  @Test func drawnRowsChangeNothingForTheOthers() throws {
    let log = try log(lists: true)
    let rows = Array(0..<Int32(log.count))
    let plan = try plan("{per_positive: 3}")
    let longer = log.adding(
      log.drawNegatives(plan, for: rows, training: rows), plan, training: rows)
    let schema = try RankingSchema(
      yaml: """
        categorical: [item, device, color]
        multi_valued: [history]
        counters: [{by: item, outputs: [rate, log_impressions]}]
        """)
    let transform = try FeatureTransform.fit(log, schema: schema, rows: rows)
    let before = try CompiledLog(log, transform: transform, training: rows).batch(rows)
    let after = try CompiledLog(longer, transform: transform, training: rows).batch(rows)
    #expect(before == after)
  }

  /// The logarithm of how often a row was to be expected travels with it, and what was shown, which is always
  /// there, has none.
  @Test func offsetsAreForLogQAlone() throws {
    let log = try log(lists: true)
    let rows = Array(0..<Int32(log.count))
    func offsets(_ correction: String) throws -> [Float] {
      let plan = try plan("{per_positive: 2, correction: \(correction)}")
      let drawn = log.drawNegatives(plan, for: rows, training: rows)
      let longer = log.adding(drawn, plan, training: rows)
      let transform = try FeatureTransform.fit(log, schema: Self.schema, rows: rows)
      let batch = try CompiledLog(longer, transform: transform, training: rows)
        .batch(Array(0..<Int32(longer.count)))
      guard !batch.offsets.isEmpty else { return [] }
      #expect(Array(batch.offsets.suffix(drawn.count)) == drawn.logExpected)
      return batch.offsets
    }
    #expect(try offsets("none").isEmpty)
    let found = try offsets("logq")
    #expect(found.prefix(log.count).allSatisfy { $0 == 0 } && found.contains { $0 != 0 })
  }
}
